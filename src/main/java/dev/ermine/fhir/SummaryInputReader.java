package dev.ermine.fhir;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The reading of one input of {@code Patient/$summary}. */
final class SummaryInputReader {

  private static final String IDENTIFIER = "identifier";
  private static final String PROFILE = "profile";

  private static final Set<String> PROFILES =
      Set.of(
          Composition.IPS,
          Composition.IPS + "|2.0.0",
          Composition.IPS_BUNDLE,
          Composition.IPS_BUNDLE + "|2.0.0");
  private static final int MOST = 64;
  private static final String FORM =
      "a `valueIdentifier` with the system `%s` and ten digits, or both in a `valueString` with a bar between them"
          .formatted(NhsNumber.SYSTEM);

  private final List<Issue> faults = new ArrayList<>();
  private final List<String> seen = new ArrayList<>();
  private Optional<NhsNumber> patient = Optional.empty();

  SummaryInput read(Element input) throws Element.Unfit {
    if (!input.text("resourceType").equals(Optional.of("Parameters"))) {
      throw input.unfit("is no Parameters");
    }
    input.hasOnly(Set.of("resourceType", "meta", "language", "parameter"));
    List<Element> parameters = input.objects("parameter");
    if (parameters.size() > MOST) {
      throw input.unfit("has more than " + MOST + " parameters");
    }
    for (Element parameter : parameters) {
      read(parameter, parameter.text("name").orElse(""));
    }
    if (!seen.contains(IDENTIFIER)) {
      fault(Issue.Code.REQUIRED, "the input names no patient; add `identifier`: " + FORM);
    }
    return faults.isEmpty()
        ? new SummaryInput.Named(patient.orElseThrow())
        : new SummaryInput.Malformed(faults);
  }

  private void read(Element parameter, String name) throws Element.Unfit {
    if (seen.contains(name)) {
      fault(Issue.Code.INVALID, "`%s` is said twice; say it once".formatted(Shown.of(name)));
      return;
    }
    seen.add(name);
    switch (name) {
      case IDENTIFIER -> identifier(parameter);
      case PROFILE -> profile(parameter);
      default ->
          fault(
              Issue.Code.NOT_SUPPORTED,
              "the parameter `%s` is not one of `identifier`, `profile`; leave it out"
                  .formatted(Shown.of(name)));
    }
  }

  private void identifier(Element parameter) throws Element.Unfit {
    parameter.hasOnly(Set.of("name", "valueIdentifier", "valueString"));
    Optional<String> token = parameter.text("valueString");
    if (token.isPresent() == parameter.has("valueIdentifier")) {
      fault(Issue.Code.INVALID, "`identifier` has not one value; send " + FORM);
      return;
    }
    String named = token.isPresent() ? token.get() : token(parameter.one("valueIdentifier"));
    String start = NhsNumber.SYSTEM + "|";
    patient =
        named.startsWith(start)
            ? NhsNumber.parse(named.substring(start.length()))
            : Optional.empty();
    if (patient.isEmpty()) {
      fault(
          Issue.Code.VALUE,
          "`identifier` is no valid NHS number with its system; send %s, and look whether one is mistyped"
              .formatted(FORM));
    }
  }

  private static String token(Element identifier) throws Element.Unfit {
    identifier.hasOnly(Set.of("use", "type", "system", "value", "period", "assigner"));
    return identifier.text("system").orElse("") + "|" + identifier.text("value").orElse("");
  }

  private void profile(Element parameter) throws Element.Unfit {
    parameter.hasOnly(Set.of("name", "valueCanonical", "valueUri"));
    Optional<String> canonical = parameter.text("valueCanonical");
    Optional<String> named = canonical.isPresent() ? canonical : parameter.text("valueUri");
    if (named.isEmpty() || !PROFILES.contains(named.get())) {
      fault(
          Issue.Code.NOT_SUPPORTED,
          "`profile` is not one that is written here; leave it out, or send the `valueCanonical` `%s`"
              .formatted(Composition.IPS));
    }
  }

  private void fault(Issue.Code code, String mend) {
    faults.add(Issue.error(code, mend));
  }
}
