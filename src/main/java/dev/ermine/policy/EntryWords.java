package dev.ermine.policy;

import dev.ermine.policy.EntryDecision.Disclosed;
import dev.ermine.policy.EntryDecision.Withheld;
import dev.ermine.region.ReleaseTerms.Ceiling;

/** Decisions of entries in the words of an information governance lead. */
final class EntryWords {

  private EntryWords() {}

  /** What came of all agreements together. */
  static String of(EntryDecision decision) {
    return switch (decision) {
      case Disclosed(String rule) -> "it is disclosed, by `" + rule + "`";
      case Withheld(EntryDecision.Reason reason, String rule) ->
          "it is withheld by "
              + switch (reason) {
                case ORIGIN -> "the terms of the region it comes from";
                case OBJECTION -> "the patient's decision";
                case LABEL -> "a label";
                case LAW -> "law";
              }
              + ", by `"
              + rule
              + "`";
    };
  }

  /** What came of one. */
  static String of(DisclosureTerms terms, EntryDecision decision) {
    String agreement = "agreement `" + terms.agreement().id() + "` ";
    return switch (decision) {
      case Disclosed(String rule) -> agreement + "discloses it: " + permitting(rule);
      case Withheld(_, String rule) -> agreement + "withholds it: " + withholding(terms, rule);
    };
  }

  private static String permitting(String rule) {
    return isImplicit(rule)
        ? "no Consent speaks of it, and what is implied permits it (`" + rule + "`)"
        : isConsent(rule)
            ? "the patient's Consent permits it (`" + rule + "`)"
            : "it is no patient's record, and within the terms";
  }

  private static String withholding(DisclosureTerms terms, String rule) {
    if (isImplicit(rule)) {
      return "no Consent speaks of it, and what is implied does not permit it (`" + rule + "`)";
    } else if (isConsent(rule)) {
      return "the patient's Consent denies it (`" + rule + "`)";
    } else if (rule.startsWith("law")) {
      return "the law restricts it, and the agreement makes no exception (`" + rule + "`)";
    }
    return switch (rule) {
      case "consent-unknown" -> "it is not known what the patient decided (`consent-unknown`)";
      case "patient-access" ->
          "patients see neither documents nor what is labelled `NOPAT`, and of types those alone"
              + " that are marked as ready for them (`patient-access`)";
      case "label:unlabelled" ->
          "it is a document whose confidentiality nobody has stated (`label:unlabelled`)";
      default -> labelled(terms.ceiling(), rule);
    };
  }

  private static String labelled(Ceiling ceiling, String rule) {
    if (rule.equals("label")) {
      return "its confidentiality is above the ceiling `"
          + ceiling.confidentiality()
          + "`, or nobody knows how high it is (`label`)";
    }
    String label = rule.substring("label:".length());
    return ceiling.without().contains(label)
        ? "the ceiling leaves out what is sensitive for `" + label + "` (`" + rule + "`)"
        : "`" + label + "` asks for a Consent that permits it, and none does (`" + rule + "`)";
  }

  private static boolean isImplicit(String rule) {
    return rule.startsWith("implicit:");
  }

  private static boolean isConsent(String rule) {
    return rule.startsWith("consent[") || rule.startsWith("asking:");
  }
}
