package dev.ermine.region;

import java.util.List;
import java.util.Set;

/**
 * The judgement of signatures: which officers' word a file is. Who they are is never for the file
 * to say.
 */
@FunctionalInterface
public interface Approval {

  /** What a signature may be for; one for the one is none for the other. */
  enum Kind {
    REGIONS,
    SUSPENSIONS
  }

  /**
   * Who has signed.
   *
   * @param officers those with a good signature, each once
   * @param flaws what stands among the signatures and does not count
   */
  record Signers(Set<String> officers, List<Flaw> flaws) {
    public Signers {
      officers = Set.copyOf(officers);
      flaws = List.copyOf(flaws);
    }
  }

  /**
   * A signature that does not count.
   *
   * @param line of the signatures, from 1
   * @param message why, and what to do
   */
  record Flaw(int line, String message) {}

  /**
   * Who has signed exactly these bytes.
   *
   * @param signatures one a line
   */
  Signers signers(Kind kind, byte[] file, byte[] signatures);
}
