package dev.ermine.region;

import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which version of trust this is: what its files say of themselves, and whose word they are.
 *
 * @param serial the officers' count of versions of {@code regions.yaml}
 * @param hash SHA-256, hex, over {@code regions.yaml}, every file that it names, and the
 *     suspensions over it
 * @param valid when {@code regions.yaml} may be in force; empty: always
 * @param bindsFiles whether {@code regions.yaml} holds the hashes of the files that it names
 * @param allowsMassChange whether it says that it takes out many regions on purpose
 * @param signedBy the officers whose signatures under {@code regions.yaml} were good
 * @param suspensions the suspensions over it
 */
public record Edition(
    int serial,
    String hash,
    Optional<Period> valid,
    boolean bindsFiles,
    boolean allowsMassChange,
    Set<String> signedBy,
    Optional<Overlay> suspensions) {

  /**
   * A version of the suspensions.
   *
   * @param serial the officers' count of versions of them
   * @param signedBy the officers whose signatures under them were good
   */
  public record Overlay(int serial, Set<String> signedBy) {
    public Overlay {
      signedBy = sorted(signedBy);
    }
  }

  public Edition {
    signedBy = sorted(signedBy);
  }

  /** An edition that is nobody's word, with no end. */
  static Edition unsigned(int serial, String hash) {
    return new Edition(serial, hash, Optional.empty(), false, false, Set.of(), Optional.empty());
  }

  Edition signedBy(Set<String> officers) {
    return new Edition(serial, hash, valid, bindsFiles, allowsMassChange, officers, suspensions);
  }

  Edition under(Overlay overlay, String hashOfBoth) {
    return new Edition(
        serial, hashOfBoth, valid, bindsFiles, allowsMassChange, signedBy, Optional.of(overlay));
  }

  /** Whether its time is over. */
  public boolean hasEnded(Instant instant) {
    return valid.filter(period -> period.hasEnded(instant)).isPresent();
  }

  private static Set<String> sorted(Set<String> officers) {
    return Collections.unmodifiableSet(new TreeSet<>(officers));
  }
}
