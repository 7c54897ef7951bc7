package dev.ermine.policy;

import static dev.ermine.policy.Entries.level;
import static dev.ermine.policy.Entries.sensitive;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Confidentiality;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.policy.EntryDecision.Disclosed;
import dev.ermine.policy.EntryDecision.Reason;
import dev.ermine.policy.EntryDecision.Withheld;
import dev.ermine.region.Agreement;
import dev.ermine.region.Labelling;
import dev.ermine.region.Region;
import dev.ermine.region.ReleaseTerms.Ceiling;
import dev.ermine.region.ReleaseTerms.ImplicitConsent;
import dev.ermine.region.ReleaseTerms.LegalGroup;
import dev.ermine.testing.Given;
import dev.ermine.testing.OptOutLists;
import dev.ermine.trust.Requester;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What is given, in words, and what comes of a question about it, in words. Words that it does not
 * know are an error: no row of a table says more than it tests.
 */
final class EnglishCase {

  private static final Instant NOW = EntryRulesTest.JUNE;
  private static final LocalDate TODAY = LocalDate.of(2022, 6, 1);
  private static final NhsNumber PATIENT = Given.ADA;
  private static final Region LONDON =
      Parties.region(Parties.LONDON, Terms.TYPES.toArray(String[]::new));
  private static final Region HWE = Parties.silent(Parties.HWE);

  private static final Map<String, String[]> USES =
      Map.of(
          "individual care", new String[] {"TREAT", "ETREAT", "BTG"},
          "research", new String[] {"HRESCH"},
          "planning", new String[] {"POPHLTH"},
          "patients", new String[] {"PATRQT"});

  private static final Map<String, String> ASKERS =
      Map.of(
          "a doctor", "TREAT",
          "an emergency doctor", "ETREAT",
          "a doctor who breaks the glass", "BTG",
          "a researcher", "HRESCH",
          "a genetic researcher", "BIORCH",
          "a planner", "POPHLTH",
          "the patient", "PATRQT");

  private static final Map<String, UnaryOperator<Terms>> TERMS =
      Map.of(
          "which implies no consent", terms -> terms.implicit(ImplicitConsent.DENY),
          "which implies all consent", terms -> terms.implicit(ImplicitConsent.ALL_NORMAL),
          "which is silent of objections", terms -> terms.telling(false, false, false),
          "which tells of labels", terms -> terms.telling(true, true, false),
          "with unlabelled documents", Terms::unlabelledDocuments);

  private static final Pattern AGREEMENT =
      Pattern.compile("an agreement for (individual care|\\w+)(.*)");
  private static final Pattern UP_TO = Pattern.compile("up to (restricted|very restricted)");
  private static final Pattern GLASS =
      Pattern.compile("with break-glass up to (restricted|very restricted)");
  private static final Pattern WITHOUT = Pattern.compile("without ([A-Z]+)");
  private static final Pattern EXCEPT = Pattern.compile("except ([a-z-]+)");
  private static final Pattern LIST = Pattern.compile("a list of ([A-Za-z-]+) codes");
  private static final Pattern CONSENT =
      Pattern.compile("an? (objection|permission) where the (record is held|asker is)");
  private static final Pattern READY = Pattern.compile("([A-Za-z]+) ready for patients");
  private static final Pattern QUESTION =
      Pattern.compile(
          "(.+) asks for an? ([A-Z][A-Za-z]+)"
              + "(?: labelled ([a-z -]+|[A-Z]+)| with an? ([A-Za-z-]+) code| (with a document attached))?");

  private final List<Terms> agreements = new ArrayList<>();
  private final List<Labelling.Group> lists = new ArrayList<>();
  private final List<String> held = new ArrayList<>();
  private final List<String> heldByAsker = new ArrayList<>();
  private LocalDate until = LocalDate.MIN;
  private LocalDate made = LocalDate.MIN;
  private boolean listed;

  EnglishCase(String given) {
    Arrays.stream(given.split(", ", -1)).forEach(this::give);
  }

  private void give(String words) {
    Matcher agreement = AGREEMENT.matcher(words);
    Matcher list = LIST.matcher(words);
    Matcher consent = CONSENT.matcher(words);
    Matcher ready = READY.matcher(words);
    if (agreement.matches()) {
      agreements.add(
          terms(Terms.of("DSA", known(USES, agreement.group(1))), agreement.group(2).strip()));
    } else if (list.matches()) {
      String of = list.group(1);
      lists.add(EntryRulesTest.group(of.toLowerCase(java.util.Locale.ROOT), Set.of(label(of)), of));
    } else if (consent.matches()) {
      (consent.group(2).equals("asker is") ? heldByAsker : held).add(consent.group(1));
    } else if (ready.matches() && !agreements.isEmpty()) {
      agreements.replaceAll(terms -> terms.releaseReady(ready.group(1)));
    } else {
      giveRegister(words);
    }
  }

  private void giveRegister(String words) {
    switch (words) {
      case "no agreement" -> agreements.clear();
      case "a register of opt-outs in force" -> register(TODAY.minusDays(7), TODAY);
      case "a register of opt-outs that has ended" ->
          register(TODAY.minusDays(7), TODAY.minusDays(1));
      case "a register of opt-outs of days to come" ->
          register(TODAY.plusDays(1), TODAY.plusDays(7));
      case "the patient on the register" -> list();
      default -> throw new IllegalArgumentException("not understood: " + words);
    }
  }

  private void list() {
    if (made.equals(LocalDate.MIN)) {
      throw new IllegalArgumentException("there is no register to be on");
    }
    listed = true;
  }

  private void register(LocalDate from, LocalDate to) {
    made = from;
    until = to;
  }

  private static Terms terms(Terms of, String words) {
    Matcher upTo = UP_TO.matcher(words);
    Matcher glass = GLASS.matcher(words);
    Matcher without = WITHOUT.matcher(words);
    Matcher except = EXCEPT.matcher(words);
    if (words.isEmpty()) {
      return of;
    } else if (upTo.matches()) {
      return of.ceiling(height(upTo.group(1)));
    } else if (glass.matches()) {
      return of.glass(Optional.of(new Ceiling(height(glass.group(1)), Set.of(), false)));
    } else if (without.matches()) {
      return of.ceiling(Confidentiality.N, without.group(1));
    } else if (except.matches()) {
      return of.law(group(except.group(1)).orElseThrow());
    }
    return known(TERMS, words).apply(of);
  }

  private static Confidentiality height(String words) {
    return switch (words) {
      case "normal" -> Confidentiality.N;
      case "restricted" -> Confidentiality.R;
      case "very restricted" -> Confidentiality.V;
      default -> throw new IllegalArgumentException("not understood: " + words);
    };
  }

  private static Optional<LegalGroup> group(String words) {
    return Arrays.stream(LegalGroup.values()).filter(it -> it.code().equals(words)).findFirst();
  }

  private static Coding label(String words) {
    return group(words)
        .map(Entries::restricted)
        .orElseGet(() -> words.matches("[A-Z]+") ? sensitive(words) : level(height(words).name()));
  }

  private static <T> T known(Map<String, T> vocabulary, String words) {
    return Optional.ofNullable(vocabulary.get(words))
        .orElseThrow(() -> new IllegalArgumentException("not understood: " + words));
  }

  /** What comes of that question, in words. */
  String outcome(String question) {
    Matcher asked = QUESTION.matcher(question);
    if (!asked.matches()) {
      throw new IllegalArgumentException("not understood: " + question);
    }
    Requester asker = asker(known(ASKERS, asked.group(1)));
    Entry entry = entry(asked);
    OptOuts optOuts = optOuts();
    return switch (agreed(asker, entry.type(), optOuts)) {
      case Decision.Deny _ -> "the region is not asked";
      case Decision.Permit(List<String> ids) -> disclosed(rules(asker, ids, optOuts), entry);
    };
  }

  private static Requester asker(String purpose) {
    Requester asker = EntryRulesTest.asker(purpose);
    return purpose.equals("BTG")
        ? Parties.breaking(asker, Optional.of("found unconscious"), true, NOW)
        : asker;
  }

  private static Entry entry(Matcher asked) {
    List<Coding> labels = asked.group(3) == null ? List.of() : List.of(label(asked.group(3)));
    List<Coding> codes =
        asked.group(4) == null ? List.of() : List.of(Entries.snomed(asked.group(4)));
    return asked.group(5) == null
        ? Entries.entry(asked.group(2), labels, codes)
        : Entries.attaching(asked.group(2), "application/pdf", level("N"));
  }

  private OptOuts optOuts() {
    if (made.equals(LocalDate.MIN)) {
      return new OptOuts.Unknown();
    }
    return listed ? OptOutLists.of(made, until, PATIENT) : OptOutLists.of(made, until);
  }

  private Decision agreed(Requester asker, String type, OptOuts optOuts) {
    return new AgreementRules(Parties.regions(agreements.stream().map(Terms::agreement).toList()))
        .standing(asker, NOW, optOuts.inForce(NOW))
        .apply(LONDON)
        .decide(type);
  }

  private EntryRules rules(Requester asker, List<String> ids, OptOuts optOuts) {
    List<Agreement> permits =
        agreements.stream().map(Terms::agreement).filter(it -> ids.contains(it.id())).toList();
    Release release =
        new Release(
            LONDON,
            asker,
            Terms.TYPES.stream().collect(Collectors.toMap(type -> type, _ -> permits)),
            new LabelRules(new Labelling(lists)),
            NOW,
            optOuts.withhold(asker, PATIENT, NOW));
    return EntryRules.of(
        release,
        ConsentRules.of(consents(held), LONDON, HWE, asker, NOW),
        ConsentRules.of(consents(heldByAsker), HWE, HWE, asker, NOW));
  }

  private static String disclosed(EntryRules rules, Entry entry) {
    if (rules.undecided()) {
      return "it is not known what the patient decided";
    }
    return switch (rules.decide(entry)) {
      case Disclosed _ -> "it is disclosed";
      case Withheld(Reason reason, _) ->
          "it is withheld by "
              + switch (reason) {
                case ORIGIN -> "the region it comes from";
                case OBJECTION -> "the patient's decision";
                case LABEL -> "a label";
                case LAW -> "law";
              }
              + (rules.tells(reason) ? " and that is said" : " and nothing is said");
    };
  }

  private static Consents consents(List<String> kinds) {
    if (kinds.isEmpty()) {
      return Consents.NONE;
    }
    String[] entries = kinds.stream().map(EnglishCase::consent).toArray(String[]::new);
    return new Consents.Known(Given.entries(entries), "https://london.example/fhir");
  }

  private static String consent(String kind) {
    return Given.entry(
        "london",
        """
        {"resourceType":"Consent","id":"%s","status":"active",
         "scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]},
         "category":[{"coding":[{"system":"http://loinc.org","code":"59284-0"}]}],
         "patient":{"reference":"Patient/p1"},"dateTime":"2022-01-01",
         "policyRule":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"%s"}]}}
        """
            .formatted(kind, kind.equals("objection") ? "OPTOUT" : "OPTIN"),
        "Consent/" + kind);
  }
}
