package dev.ermine.fhir;

import dev.ermine.fhir.Demographics.PersonName;
import dev.ermine.fhir.Element.Unfit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The reader of who a Patient is. A blank text says nothing; what has another shape than FHIR gives
 * it, or more names than a person has, makes the whole unfit.
 */
final class PatientReader {

  /** How many names one Patient, and how many given names one name, may have. */
  static final int NAMES = 16;

  /** How many characters a part of a name may have. */
  static final int LENGTH = 100;

  private static final String VERIFICATION =
      "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus";

  /** The second is the older name, which the Personal Demographics Service still sends. */
  private static final Set<String> VERIFICATION_SYSTEMS =
      Set.of(
          "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland",
          "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatus");

  private PatientReader() {}

  static Demographics read(Element root) throws Unfit {
    if (!root.text("resourceType").equals(Optional.of("Patient"))) {
      throw root.unfit("is no Patient");
    }
    root.isPlain();
    return new Demographics(
        names(root),
        root.text("birthDate"),
        root.text("gender").map(gender -> gender.toLowerCase(Locale.ROOT)),
        deceased(root),
        verification(root));
  }

  private static List<PersonName> names(Element root) throws Unfit {
    List<PersonName> names = new ArrayList<>();
    for (Element name : root.objects("name")) {
      if (names.size() == NAMES) {
        throw root.unfit("has more names than a person has");
      }
      names.add(
          new PersonName(
              name.text("use"), parts(name, "family").stream().findFirst(), parts(name, "given")));
    }
    return names;
  }

  private static List<String> parts(Element name, String element) throws Unfit {
    List<String> parts = name.texts(element);
    if (parts.size() > NAMES || parts.stream().anyMatch(part -> part.length() > LENGTH)) {
      throw name.unfit("is longer than a name");
    }
    return parts;
  }

  private static Optional<Boolean> deceased(Element root) throws Unfit {
    if (root.text("deceasedDateTime").isPresent()) {
      return Optional.of(true);
    }
    return root.has("deceasedBoolean")
        ? Optional.of(root.flag("deceasedBoolean"))
        : Optional.empty();
  }

  private static Set<String> verification(Element root) throws Unfit {
    Set<String> codes = new TreeSet<>();
    for (Element identifier : root.objects("identifier")) {
      if (identifier.text("system").equals(Optional.of(NhsNumber.SYSTEM))
          && !identifier.text("use").equals(Optional.of("old"))) {
        for (Element extension : identifier.objects("extension")) {
          if (extension.text("url").equals(Optional.of(VERIFICATION))) {
            codes.addAll(codes(extension.one("valueCodeableConcept")));
          }
        }
      }
    }
    return codes;
  }

  private static List<String> codes(Element concept) throws Unfit {
    List<String> codes =
        concept.concept().codings().stream()
            .filter(coding -> VERIFICATION_SYSTEMS.contains(coding.system()))
            .map(Coding::code)
            .toList();
    return codes.isEmpty() ? List.of("") : codes;
  }
}
