package dev.ermine.fhir;

import java.util.Optional;

/**
 * An NHS number: ten ASCII digits, the last a modulus 11 check digit. It never shows itself: {@link
 * #toString} is redacted, {@link #value} is for FHIR bodies alone.
 *
 * @param value the ten digits
 * @see <a href="https://www.datadictionary.nhs.uk/attributes/nhs_number.html">NHS Data Dictionary:
 *     NHS number</a>
 */
public record NhsNumber(String value) {

  /** The identifier system of NHS numbers. */
  public static final String SYSTEM = "https://fhir.nhs.uk/Id/nhs-number";

  public NhsNumber {
    if (!valid(value)) {
      throw new IllegalArgumentException("not an NHS number");
    }
  }

  /** The NHS number that {@code text} is, exactly: no spaces, no hyphens, no other digits. */
  public static Optional<NhsNumber> parse(String text) {
    return valid(text) ? Optional.of(new NhsNumber(text)) : Optional.empty();
  }

  private static boolean valid(String text) {
    if (text.length() != 10) {
      return false;
    }
    int sum = 0;
    for (int i = 0; i < 10; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return false;
      }
      // Weights 10 to 2, and 1 for the check digit itself: the whole is a multiple of 11.
      sum += digit * (10 - i);
    }
    return sum % 11 == 0;
  }

  @Override
  public String toString() {
    return "NHS number";
  }
}
