package dev.ermine.fhir;

import java.util.regex.Pattern;

/**
 * The form of a SNOMED CT concept's identifier: its last digit checks the others, and the two
 * before it say that it is a concept's.
 *
 * @see <a
 *     href="https://confluence.ihtsdotools.org/display/DOCRELFMT/6+SNOMED+CT+Identifiers">SNOMED CT
 *     Release File Specifications, 6: SNOMED CT Identifiers</a>
 */
public final class SnomedId {

  /** The code system. */
  public static final String SYSTEM = "http://snomed.info/sct";

  /** Six to eighteen digits, of which the partition says: a concept, ours or an extension's. */
  private static final Pattern CONCEPT = Pattern.compile("[1-9][0-9]{2,14}[01]0[0-9]");

  /** Verhoeff's dihedral group, the composition of two of its elements. */
  private static final int[][] COMPOSED = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
    {1, 2, 3, 4, 0, 6, 7, 8, 9, 5},
    {2, 3, 4, 0, 1, 7, 8, 9, 5, 6},
    {3, 4, 0, 1, 2, 8, 9, 5, 6, 7},
    {4, 0, 1, 2, 3, 9, 5, 6, 7, 8},
    {5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
    {6, 5, 9, 8, 7, 1, 0, 4, 3, 2},
    {7, 6, 5, 9, 8, 2, 1, 0, 4, 3},
    {8, 7, 6, 5, 9, 3, 2, 1, 0, 4},
    {9, 8, 7, 6, 5, 4, 3, 2, 1, 0}
  };

  /** How a digit is permuted, by its place from the right; every eight places it is the same. */
  private static final int[][] PERMUTED = permuted(new int[] {1, 5, 7, 6, 2, 8, 3, 0, 9, 4});

  private SnomedId() {}

  /** Whether {@code code} can be a concept's. */
  public static boolean isConcept(String code) {
    return CONCEPT.matcher(code).matches() && checks(code);
  }

  private static boolean checks(String digits) {
    int check = 0;
    for (int place = 0; place < digits.length(); place++) {
      int digit = digits.charAt(digits.length() - 1 - place) - '0';
      check = COMPOSED[check][PERMUTED[place % PERMUTED.length][digit]];
    }
    return check == 0;
  }

  private static int[][] permuted(int[] once) {
    int[][] permuted = new int[8][10];
    for (int digit = 0; digit < 10; digit++) {
      permuted[0][digit] = digit;
    }
    for (int place = 1; place < permuted.length; place++) {
      for (int digit = 0; digit < 10; digit++) {
        permuted[place][digit] = permuted[place - 1][once[digit]];
      }
    }
    return permuted;
  }
}
