package dev.ermine.sandbox;

import java.util.List;
import java.util.Map;

/**
 * The people of the sandbox, by their NHS numbers. All are invented; numbers from 9000000000 up are
 * never issued.
 */
public final class Stories {

  /**
   * Ada Okafor, born 1961-04-02: put on levetiracetam in Croydon, now in A&amp;E in Harlow. London
   * and Essex have the same prescription, each in its own words and codes; a penicillin allergy in
   * London, none known in Yorkshire; a Lloyd George scan in Lancashire; Wessex is too slow.
   */
  public static final String ADA_OKAFOR = "9000000009";

  /** Essex answers with a Patient that carries another number. */
  public static final String OTHER_NUMBER = "9000000017";

  /** Essex has the right Patient, and one Observation that is another Patient's. */
  public static final String OTHER_SUBJECT = "9000000025";

  /** Greater Manchester answers 404: restricted at source. */
  public static final String RESTRICTED = "9000000033";

  /** More than a thousand entries in London and in Yorkshire. */
  public static final String LONG_RECORD = "9000000041";

  /** Known nowhere: empty searches, and a 404 in Wessex. */
  public static final String UNKNOWN = "9000000068";

  /** Thames Valley &amp; Surrey answers 503. */
  public static final String REGION_DOWN = "9000000076";

  /** The other person of {@link #OTHER_NUMBER} and {@link #OTHER_SUBJECT}; nobody asks for them. */
  public static final String STRANGER = "9000000084";

  /**
   * Objects to sharing, by a Consent in London; Essex has two Conditions, of which one is labelled
   * restricted.
   */
  public static final String OBJECTOR = "9000000173";

  /** Everybody whom a region may hold a record of. */
  static final List<String> ALL =
      List.of(
          ADA_OKAFOR,
          OTHER_NUMBER,
          OTHER_SUBJECT,
          RESTRICTED,
          LONG_RECORD,
          UNKNOWN,
          REGION_DOWN,
          OBJECTOR);

  private Stories() {}

  /** What goes wrong when a region is asked about somebody. */
  enum Mishap {
    NONE,
    TOO_SLOW,
    NOT_FOUND,
    DOWN;

    private static final Map<PeerRegion, Map<String, Mishap>> MISHAPS =
        Map.of(
            PeerRegion.WESSEX, Map.of(ADA_OKAFOR, TOO_SLOW, UNKNOWN, NOT_FOUND),
            PeerRegion.GREATER_MANCHESTER, Map.of(RESTRICTED, NOT_FOUND),
            PeerRegion.THAMES_VALLEY_SURREY, Map.of(REGION_DOWN, DOWN));

    static Mishap of(PeerRegion region, String nhsNumber) {
      return MISHAPS.getOrDefault(region, Map.of()).getOrDefault(nhsNumber, NONE);
    }
  }
}
