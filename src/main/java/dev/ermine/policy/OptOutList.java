package dev.ermine.policy;

import dev.ermine.fhir.NhsNumber;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.LocalDate;

/**
 * A list of who has opted out, as of one day and for some days: each patient by a keyed hash of the
 * NHS number. It is sealed with the same key, for with another nobody on it would be found.
 *
 * <p>As a file, in ASCII with a line feed behind each line:
 *
 * <pre>
 * seal: HMAC-SHA-256 of all that follows this line, 64 lower-case hex digits
 * made: 2026-11-20
 * valid-until: 2026-12-11
 * algorithm: HMAC-SHA-256
 * count: 2
 * HMAC-SHA-256 of the ten digits of an NHS number, 64 lower-case hex digits
 * another
 * </pre>
 */
public final class OptOutList implements OptOuts {

  /** What came of reading one. */
  public sealed interface Reading {

    /** A list. */
    record Read(OptOutList list) implements Reading {}

    /** What is wrong, and what to do; it quotes no line. */
    record Faulty(String fault) implements Reading {}
  }

  private final LocalDate made;
  private final LocalDate until;
  private final OptOutKey key;
  private final Digests patients;

  OptOutList(LocalDate made, LocalDate until, OptOutKey key, Digests patients) {
    this.made = made;
    this.until = until;
    this.key = key;
    this.patients = patients;
  }

  /** Reads one to its end. */
  public static Reading read(InputStream in, OptOutKey key) throws IOException {
    return new OptOutReader(new BufferedInputStream(in, 1 << 16), key).read();
  }

  /** The day that it says how things are on: nothing is believed of a day to come. */
  public LocalDate made() {
    return made;
  }

  /** The last day on which it counts. */
  public LocalDate until() {
    return until;
  }

  /** How many patients are on it. */
  public int count() {
    return patients.size();
  }

  @Override
  public boolean inForce(Instant at) {
    LocalDate day = at.atZone(Asker.LONDON).toLocalDate();
    return !day.isBefore(made) && !day.isAfter(until);
  }

  @Override
  public boolean mayHave(NhsNumber patient) {
    return patients.contains(key.of(patient));
  }

  /** Its days, never whom. */
  @Override
  public String toString() {
    return "OptOutList[" + made + "/" + until + "]";
  }
}
