package dev.ermine.peer;

import java.util.regex.Pattern;

/**
 * The form of a resource's id: it goes into paths and search values, so nothing else may.
 *
 * @see <a href="https://hl7.org/fhir/R4/datatypes.html#id">FHIR R4: id</a>
 */
final class FhirId {

  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9.-]{1,64}");

  private FhirId() {}

  /** Dots alone would be a step in a path. */
  static boolean isValid(String text) {
    return FORM.matcher(text).matches() && !text.equals(".") && !text.equals("..");
  }
}
