package dev.ermine.policy;

import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.region.Agreement;
import dev.ermine.region.Denial;
import dev.ermine.region.Regions;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The rules of one version in words: a sentence for each rule id that a {@link Decision} has. */
public final class RuleWords {

  private static final Set<String> TERMS =
      Set.of(
          "",
          "#purpose",
          "#organisation",
          "#role",
          "#relationship",
          "#break-glass",
          "#step-up",
          "#own-record",
          "#expired",
          "#not-yet",
          "#national-data-opt-out",
          "#type",
          "#release-ready");
  private static final Set<String> LACKS = Set.of("#answers", "#type");

  private final Set<String> regions = new HashSet<>();
  private final Map<String, Agreement> agreements = new HashMap<>();
  private final Map<String, Denial> denials = new HashMap<>();

  public RuleWords(Regions regions) {
    regions.regions().forEach(region -> this.regions.add(region.id().value()));
    regions.agreements().forEach(agreement -> agreements.put(agreement.id(), agreement));
    regions.denials().forEach(denial -> denials.put(denial.id(), denial));
  }

  /** Whether the version has that rule: another may have had it, or none. */
  public boolean knows(String rule) {
    String id = id(rule);
    String term = rule.substring(id.length());
    return rule.equals("default-deny")
        || rule.equals("scope")
        || denials.containsKey(rule)
        || (agreements.containsKey(id) && TERMS.contains(term))
        || (regions.contains(id) && LACKS.contains(term));
  }

  private static String id(String rule) {
    int mark = rule.lastIndexOf('#');
    return mark < 0 ? rule : rule.substring(0, mark);
  }

  /** What the rule says, and of whom. */
  public String of(String rule) {
    String id = id(rule);
    String term = rule.substring(id.length());
    Agreement agreement = agreements.get(id);
    if (agreement != null) {
      return "agreement `" + id + "` " + said(agreement, term);
    } else if (denials.containsKey(rule)) {
      return "denial `" + id + "` forbids it, whatever an agreement permits";
    } else if (rule.equals("scope")) {
      return "the scope of the access token leaves that type out";
    } else if (rule.equals("default-deny")) {
      return "no agreement speaks of both regions, and what none permits is denied";
    }
    return "region `" + id + "` " + lacking(term);
  }

  private static String said(Agreement agreement, String term) {
    return switch (term) {
      case "" -> "permits it";
      case "#purpose" -> "is not for that; its purposes are " + listed(codes(agreement));
      case "#organisation" -> "names the organisations " + listed(agreement.organisations());
      case "#role" -> "is not for that role; its roles are " + listed(agreement.roles());
      case "#relationship" -> related(agreement.relationship());
      case "#break-glass" -> broken(agreement);
      case "#step-up" -> steppedUp(agreement);
      case "#own-record" -> "lets nobody break the glass to see their own record";
      case "#expired" -> "ended with " + agreement.until();
      case "#not-yet" -> "begins on " + agreement.from();
      case "#national-data-opt-out" ->
          "has that purpose, which lies beyond individual care, and no National Data Opt-out"
              + " register is in force";
      case "#type" -> "does not release that type";
      case "#release-ready" -> ready(agreement);
      default -> throw new IllegalStateException("no such term");
    };
  }

  private static List<String> codes(Agreement agreement) {
    return agreement.purposes().stream().map(PurposeOfUse::code).toList();
  }

  private static String related(Agreement.Relationship demanded) {
    return demanded.bases().isEmpty()
        ? "needs a relationship with the patient, and none is stated"
        : "needs a relationship with the patient that rests on " + listed(demanded.bases());
  }

  private static String broken(Agreement agreement) {
    return agreement
        .breakGlass()
        .map(
            terms ->
                "lets the glass be broken for a stated reason, about a patient whom the token"
                    + " names, by "
                    + listed(terms.roles()))
        .orElse("lets nobody break the glass");
  }

  private static String ready(Agreement agreement) {
    Set<String> types = Documents.without(agreement.terms().releaseReady());
    return types.isEmpty()
        ? "marks no type as ready for patients to see"
        : "marks other types as ready for patients to see, and documents never are: "
            + listed(types);
  }

  private static String steppedUp(Agreement agreement) {
    return agreement
        .breakGlass()
        .map(Agreement.BreakGlass::stepUp)
        .map(
            demanded ->
                "lets the glass be broken only by a user who was authenticated as "
                    + listed(demanded.contexts())
                    + " in the last "
                    + words(demanded.age()))
        .orElse("lets nobody break the glass");
  }

  private static String words(Duration age) {
    return age.toSecondsPart() == 0 ? age.toMinutes() + " min" : age.toSeconds() + " s";
  }

  private static String lacking(String term) {
    return switch (term) {
      case "#answers" -> "answers nobody";
      case "#type" -> "does not have that type";
      default -> throw new IllegalStateException("no such rule");
    };
  }

  private static String listed(Collection<String> values) {
    return values.stream().sorted().collect(Collectors.joining(", "));
  }
}
