package dev.ermine.fhir;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The parameter that names the one patient of a query.
 *
 * <p>Whatever else could name a patient is a fault, never a filter and never left out: leaving it
 * out would answer another question than the one asked.
 *
 * @see <a href="https://hl7.org/fhir/R4/search.html#chaining">FHIR R4: chained parameters</a>
 */
final class PatientParameter {

  /** How the patient is named in any search. */
  static final String NAME = "patient.identifier";

  /** How the patient is named in a search of Patient alone. */
  static final String NAME_OF_PATIENT = "identifier";

  private static final Set<String> NAMES =
      Set.of(
          NAME,
          "patient:identifier",
          "subject.identifier",
          "subject:identifier",
          "subject:Patient.identifier");

  /** Without modifier or chain, in lower case: a slip of the shift key is no other question. */
  private static final Set<String> OTHER_NAMES = Set.of("patient", "subject", "_has");

  private static final String SYSTEM_AND_BAR = NhsNumber.SYSTEM + "|";
  private static final String FORM = "`" + SYSTEM_AND_BAR + "` and ten digits";

  /** What a parameter does to the patient. */
  enum Role {
    /** It names the patient, as a query should. */
    NAMES,
    /** It could name a patient, but not as a query should. */
    NAMES_OTHERWISE,
    /** It has nothing to do with who the patient is. */
    NONE
  }

  /** The patient named, or why none is. */
  record Named(Optional<NhsNumber> patient, List<Issue> faults) {}

  private final boolean patientAlone;
  private final boolean system;

  PatientParameter(List<String> types, boolean system) {
    this.patientAlone = types.equals(List.of("Patient"));
    this.system = system;
  }

  /** What {@code parameter} does to the patient of a query. */
  Role role(Parameter parameter) {
    String name = parameter.name();
    if (NAMES.contains(name) || (patientAlone && name.equals(NAME_OF_PATIENT))) {
      return Role.NAMES;
    }
    String base = parameter.baseName().toLowerCase(Locale.ROOT);
    boolean otherwise =
        OTHER_NAMES.contains(base)
            || (base.equals(NAME_OF_PATIENT) && (patientAlone || system))
            || parameter.value().contains(NhsNumber.SYSTEM);
    return otherwise ? Role.NAMES_OTHERWISE : Role.NONE;
  }

  /** The patient whom a query's parameters name. */
  Named read(List<Parameter> parameters) {
    List<Issue> faults = new ArrayList<>();
    for (Parameter parameter : parameters) {
      if (role(parameter) == Role.NAMES_OTHERWISE) {
        faults.add(namedOtherwise(parameter));
      }
    }
    List<Parameter> naming = parameters.stream().filter(p -> role(p) == Role.NAMES).toList();
    if (naming.size() != 1) {
      faults.add(naming.isEmpty() ? missing() : repeated());
      return new Named(Optional.empty(), faults);
    }
    return number(naming.getFirst(), faults);
  }

  private Named number(Parameter naming, List<Issue> faults) {
    String value = naming.value();
    if (value.contains(",")) {
      faults.add(list(naming));
      return new Named(Optional.empty(), faults);
    }
    if (!value.startsWith(SYSTEM_AND_BAR)) {
      faults.add(otherSystem(naming));
      return new Named(Optional.empty(), faults);
    }
    Optional<NhsNumber> number = NhsNumber.parse(value.substring(SYSTEM_AND_BAR.length()));
    if (number.isEmpty()) {
      faults.add(notANumber(naming));
    }
    return new Named(number, faults);
  }

  private Issue namedOtherwise(Parameter parameter) {
    return Issue.error(
        Issue.Code.INVALID,
        ("`%s` would name a patient in a way that is not answered here;"
                + " leave it out, and name the patient by `%s`")
            .formatted(parameter.shownName(), rightName()));
  }

  private Issue missing() {
    return Issue.error(
        Issue.Code.REQUIRED,
        "the query names no patient; add `%s` with %s".formatted(rightName(), FORM));
  }

  private static Issue repeated() {
    return Issue.error(
        Issue.Code.INVALID,
        "the query names a patient more than once;"
            + " name one patient, by one parameter, in the address or in the body");
  }

  private static Issue list(Parameter naming) {
    return Issue.error(
        Issue.Code.INVALID,
        "`%s` is a list; name one patient and ask about each in a query of its own"
            .formatted(naming.name()));
  }

  private static Issue otherSystem(Parameter naming) {
    return Issue.error(
        Issue.Code.VALUE,
        "`%s` is not an NHS number with its system; write %s".formatted(naming.name(), FORM));
  }

  private static Issue notANumber(Parameter naming) {
    return Issue.error(
        Issue.Code.VALUE,
        ("`%s` has no valid NHS number; write its ten digits without spaces,"
                + " and look whether one is mistyped")
            .formatted(naming.name()));
  }

  private String rightName() {
    return patientAlone && !system ? NAME_OF_PATIENT : NAME;
  }
}
