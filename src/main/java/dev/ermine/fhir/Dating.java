package dev.ermine.fhir;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/**
 * Which keys at the top of a resource say when something was or was recorded: those that end as
 * FHIR's dates do, and those that R4's resources have besides. {@code birthDate} tells who, not
 * when.
 *
 * @see <a href="https://hl7.org/fhir/R4/fivews.html">FHIR R4: FiveWs, when</a>
 */
final class Dating {

  /** By their last letter: with a capital the end of a key, else the whole of one. */
  private static final byte[][][] WORDS =
      byLastLetter(
          "DateTime Date Period Instant Timing"
              + " authored authoredOn created date dateAsserted end issued lastOccurrence period"
              + " received recorded sent start started whenHandedOver whenPrepared");

  private static final byte[] BIRTH = "birthDate".getBytes(US_ASCII);

  private Dating() {}

  /** Whether the decoded key in {@code key[from..to)} does. */
  static boolean isSaidBy(byte[] key, int from, int to) {
    int last = to == from ? 0 : key[to - 1];
    if (last >= 0) {
      for (byte[] word : WORDS[last]) {
        if (isSaid(word, key, from, to)) {
          return !(to - from == BIRTH.length && isEnd(BIRTH, key, from, to));
        }
      }
    }
    return false;
  }

  private static boolean isSaid(byte[] word, byte[] key, int from, int to) {
    boolean whole = word[0] >= 'a';
    return (!whole || word.length == to - from) && isEnd(word, key, from, to);
  }

  private static boolean isEnd(byte[] word, byte[] key, int from, int to) {
    int begin = to - word.length;
    return begin >= from && Arrays.equals(word, 0, word.length, key, begin, to);
  }

  private static byte[][][] byLastLetter(String words) {
    byte[][][] letters = new byte[Byte.MAX_VALUE + 1][][];
    for (int i = 0; i < letters.length; i++) {
      int letter = i;
      letters[i] =
          Arrays.stream(words.split(" ", -1))
              .map(word -> word.getBytes(US_ASCII))
              .filter(word -> word[word.length - 1] == letter)
              .toArray(byte[][]::new);
    }
    return letters;
  }
}
