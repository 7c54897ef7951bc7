package dev.ermine.merge.fact;

/**
 * The units of measure that values and doses are compared in, which take some tenths of a second to
 * read.
 *
 * @see <a href="https://ucum.org/ucum">UCUM</a>
 */
public final class Units {

  private Units() {}

  /** Reads them, so that no query waits for it. */
  public static void read() {
    if (Unit.of("mg").isEmpty()) {
      throw new IllegalStateException("the units of UCUM cannot be read");
    }
  }
}
