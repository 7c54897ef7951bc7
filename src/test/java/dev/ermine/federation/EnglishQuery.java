package dev.ermine.federation;

import static dev.ermine.testing.Given.ADA;
import static dev.ermine.testing.Given.NOON;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ermine.federation.FederatedAnswer.View;
import dev.ermine.fhir.Confidentiality;
import dev.ermine.fhir.Gather;
import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.merge.PeerAnswer.TypeAnswer;
import dev.ermine.policy.OptOuts;
import dev.ermine.region.Agreement;
import dev.ermine.region.Region;
import dev.ermine.region.Regions;
import dev.ermine.region.ReleaseTerms;
import dev.ermine.region.ReleaseTerms.Ceiling;
import dev.ermine.region.ReleaseTerms.LegalGroup;
import dev.ermine.region.ReleaseTerms.Telling;
import dev.ermine.testing.Given;
import dev.ermine.testing.PageRing;
import dev.ermine.testing.SelfSigned;
import dev.ermine.testing.UnreadAudit;
import dev.ermine.trust.Requester;
import dev.ermine.trust.Thumbprints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What is given of London and Wessex, in words, and what a query is answered, in words. Each holds
 * the patient, an Observation and a List, and releases them to a doctor, and more of them to one
 * who breaks the glass. Words that it does not know are an error: no row of a table says more than
 * it tests.
 */
final class EnglishQuery {

  private static final X509Certificate CERTIFICATE =
      SelfSigned.certificate(NOON.minusSeconds(60), NOON.plusSeconds(3600));
  private static final List<String> TYPES = List.of("Patient", "Observation", "List");
  private static final List<String> REGIONS = List.of("London", "Wessex");

  private static final Map<String, Requester> ASKERS =
      Map.of(
          "a doctor", Given.requester(Thumbprints.x5tS256(CERTIFICATE)),
          "a doctor who breaks the glass", Given.breaker(Thumbprints.x5tS256(CERTIFICATE), ADA));

  private static final Map<String, PeerAnswer> ANSWERS =
      Map.of(
          "says NO_PATIENT_CONSENT", new PeerAnswer.Objected(),
          "says PATIENT_NOT_FOUND", new PeerAnswer.NotMatched(),
          "does not answer in time", new PeerAnswer.Missed(new Miss.TimedOut()));

  private static final Map<String, UnaryOperator<ReleaseTerms>> TERMS =
      Map.of(
          "silent of objections", EnglishQuery::silent,
          "release restricted patients", EnglishQuery::releasing,
          "excepts fertility", EnglishQuery::exceptingFertility);

  private static final Pattern AGREEMENT =
      Pattern.compile("(?:the agreements|(\\w+)'s agreement) (?:(?:is|are) )?(.+)");
  private static final Pattern LABEL =
      Pattern.compile("(\\w+)'s (Patient|Observation|List) is labelled (.+)");
  private static final Pattern WARNING =
      Pattern.compile(
          "(\\w+)'s List warns of (confidential-items|data-in-transit|data-awaiting-filing)");
  private static final Pattern ANSWER = Pattern.compile("(London|Wessex) (.+)");
  private static final Pattern GAPS = Pattern.compile("known gaps: ([^.]+)");
  private static final Pattern QUESTION = Pattern.compile("(.+) asks for (Observation|List)s");

  private final Map<String, ReleaseTerms> terms = new LinkedHashMap<>();
  private final Map<String, PeerAnswer> answers = new HashMap<>();
  private final Map<String, String> labels = new HashMap<>();
  private final Map<String, List<String>> warnings = new HashMap<>();

  EnglishQuery(String given) {
    Arrays.stream(given.split(", ", -1)).forEach(this::give);
  }

  private void give(String words) {
    Matcher agreement = AGREEMENT.matcher(words);
    Matcher label = LABEL.matcher(words);
    Matcher warning = WARNING.matcher(words);
    Matcher answer = ANSWER.matcher(words);
    if (words.equals("agreements")) {
      REGIONS.forEach(region -> terms.put(region, ReleaseTerms.DEFAULT));
    } else if (agreement.matches()) {
      agree(Optional.ofNullable(agreement.group(1)), agreement.group(2));
    } else if (label.matches()) {
      labels.put(region(label.group(1)) + label.group(2), meta(label.group(3)));
    } else if (warning.matches()) {
      warnings
          .computeIfAbsent(region(warning.group(1)), _ -> new ArrayList<>())
          .add(warning.group(2));
    } else if (answer.matches()) {
      answers.put(answer.group(1), known(ANSWERS, answer.group(2)));
    } else {
      throw notUnderstood(words);
    }
  }

  private void agree(Optional<String> whose, String words) {
    UnaryOperator<ReleaseTerms> change = known(TERMS, words.replace("releases ", "release "));
    List<String> changed = whose.map(region -> List.of(region(region))).orElse(REGIONS);
    if (!terms.keySet().containsAll(changed)) {
      throw notUnderstood(words);
    }
    changed.forEach(region -> terms.compute(region, (_, usual) -> change.apply(usual)));
  }

  private static String region(String name) {
    if (!REGIONS.contains(name)) {
      throw notUnderstood(name);
    }
    return name;
  }

  private static String meta(String label) {
    return switch (label) {
      case "normal" -> meta(Confidentiality.SYSTEM, "N");
      case "restricted" -> meta(Confidentiality.SYSTEM, "R");
      case "very restricted" -> meta(Confidentiality.SYSTEM, "V");
      case "fertility", "gender-recognition" -> meta(LegalGroup.SYSTEM, label);
      default -> throw notUnderstood(label);
    };
  }

  private static String meta(String system, String code) {
    return "\"meta\":{\"security\":[{\"system\":\"%s\",\"code\":\"%s\"}]},".formatted(system, code);
  }

  private static <T> T known(Map<String, T> vocabulary, String words) {
    return Optional.ofNullable(vocabulary.get(words)).orElseThrow(() -> notUnderstood(words));
  }

  private static IllegalArgumentException notUnderstood(String words) {
    return new IllegalArgumentException("not understood: " + words);
  }

  /** What a question is answered, in words: a region after the other. */
  String outcome(String question) {
    Matcher asked = QUESTION.matcher(question);
    if (!asked.matches()) {
      throw notUnderstood(question);
    }
    Call call =
        new Call(known(ASKERS, asked.group(1)), "request-1", "127.0.0.1", Traceparent.fresh());
    FederatedAnswer answer = federation().search(call, Given.query(asked.group(2)), Wishes.NONE);
    return account(((View) answer).bundle());
  }

  private static String account(Gather bundle) {
    Map<String, List<String>> lines = new LinkedHashMap<>();
    for (JsonNode issue : read(bundle).findValues("issue").getFirst()) {
      List<String> codes = issue.at("/details/coding").findValuesAsText("code");
      if (!codes.isEmpty() && !codes.get(1).equals("hwe")) {
        lines
            .computeIfAbsent(codes.get(1), _ -> new ArrayList<>())
            .add(codes.getFirst() + gaps(issue.at("/details/text").asText()));
      }
    }
    return REGIONS.stream()
        .map(region -> region + " " + String.join(" and ", lines.get(id(region))))
        .collect(Collectors.joining(", "));
  }

  private static JsonNode read(Gather bundle) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      bundle.writeTo(out);
      return new ObjectMapper().readTree(out.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String gaps(String text) {
    Matcher gaps = GAPS.matcher(text);
    return gaps.find() ? ": " + gaps.group(1).replace("List: ", "") : "";
  }

  private Federation federation() {
    List<Region> regions = new ArrayList<>(List.of(Given.asker(CERTIFICATE)));
    REGIONS.forEach(name -> regions.add(Given.region(id(name))));
    List<Agreement> agreements =
        terms.entrySet().stream().map(each -> agreement(each.getKey(), each.getValue())).toList();
    Regions inForce = new Regions(1, "hash", Given.gateway(), regions, agreements, List.of());
    return new Federation(
        () -> inForce,
        OptOuts.Unknown::new,
        (asked, _) -> answer((PeerQuestion.Search) asked),
        new UnreadAudit(),
        "https://gateway.example",
        () -> NOON,
        new Quality(NOON),
        PageRing.tokens(),
        Discretion.Rules.ALL);
  }

  private static String id(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static Agreement agreement(String region, ReleaseTerms terms) {
    Agreement usual = Given.agreement(id(region), TYPES);
    Ceiling high = new Ceiling(Confidentiality.V, Set.of(), false);
    return new Agreement(
        usual.id(),
        usual.releases(),
        usual.to(),
        usual.organisations(),
        Set.of(new PurposeOfUse("TREAT"), PurposeOfUse.BREAK_THE_GLASS),
        usual.roles(),
        usual.types(),
        usual.relationship(),
        Optional.of(new Agreement.BreakGlass(usual.roles(), Given.STEP_UP, Optional.of(high))),
        usual.from(),
        usual.until(),
        terms);
  }

  private CompletionStage<PeerAnswer> answer(PeerQuestion.Search asked) {
    String region =
        REGIONS.stream()
            .filter(name -> id(name).equals(asked.region().id().value()))
            .findFirst()
            .orElseThrow();
    return CompletableFuture.completedFuture(
        Optional.ofNullable(answers.get(region)).orElseGet(() -> record(region, asked.types())));
  }

  private PeerAnswer record(String region, List<String> types) {
    return new PeerAnswer.Answered(
        Given.entries(labelled(region, Given.patient(id(region), "p1", ADA))),
        types.stream()
            .collect(
                Collectors.toMap(
                    type -> type,
                    type -> new TypeAnswer.Read(Given.entries(holding(region, type)), List.of()))));
  }

  private String holding(String region, String type) {
    return switch (type) {
      case "Observation" -> labelled(region, Given.observation(id(region), "o1", "Patient/p1"));
      case "List" -> labelled(region, list(region));
      default -> throw new IllegalArgumentException("nobody asks for " + type);
    };
  }

  private String list(String region) {
    String warned =
        warnings.getOrDefault(region, List.of()).stream()
            .map(
                "{\"url\":\"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-ListWarningCode\",\"valueCode\":\"%s\"}"
                    ::formatted)
            .collect(Collectors.joining(","));
    String extensions = warned.isEmpty() ? "" : "\"extension\":[" + warned + "],";
    return Given.entry(
        id(region),
        "{\"resourceType\":\"List\",\"id\":\"l1\",%s\"status\":\"current\",\"mode\":\"snapshot\",\"subject\":{\"reference\":\"Patient/p1\"}}"
            .formatted(extensions),
        "List/l1");
  }

  private String labelled(String region, String entry) {
    for (String type : TYPES) {
      String start = "{\"resourceType\":\"" + type + "\",";
      String label = labels.getOrDefault(region + type, "");
      if (entry.contains(start)) {
        return entry.replace(start, start + label);
      }
    }
    throw new IllegalArgumentException("nothing of these types");
  }

  private static ReleaseTerms silent(ReleaseTerms terms) {
    return terms(terms, terms.law(), terms.restrictedPatients(), new Telling(false, false, false));
  }

  private static ReleaseTerms releasing(ReleaseTerms terms) {
    return terms(terms, terms.law(), true, terms.telling());
  }

  private static ReleaseTerms exceptingFertility(ReleaseTerms terms) {
    return terms(terms, Set.of(LegalGroup.FERTILITY), terms.restrictedPatients(), terms.telling());
  }

  private static ReleaseTerms terms(
      ReleaseTerms usual, Set<LegalGroup> law, boolean restricted, Telling telling) {
    return new ReleaseTerms(
        usual.implicit(),
        usual.ceiling(),
        law,
        restricted,
        usual.releaseReady(),
        telling,
        usual.notice());
  }
}
