package dev.ermine.region;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a change of trust must bear to come into force. It is the gateway's own configuration, out
 * of reach of whoever brings the files.
 *
 * <p>Where signatures are demanded, serials rise, and a version says when it is in force and which
 * files it names: without these a good signature could be shown again, for ever, or over other
 * keys.
 *
 * @param signatures how many officers have to sign; none where changes are not signed
 * @param leastSerial the least {@code serial} of {@code regions.yaml}
 * @param leastSuspensionsSerial the least of the suspensions, if there have to be any
 */
public record ChangeControl(
    int signatures, int leastSerial, OptionalInt leastSuspensionsSerial, Approval approval) {

  /** Whoever brings the files is believed. */
  public static final ChangeControl UNSIGNED =
      new ChangeControl(
          0,
          1,
          OptionalInt.empty(),
          (kind, file, signatures) -> new Approval.Signers(Set.of(), List.of()));

  /** Whether signatures are demanded. */
  public boolean signed() {
    return signatures > 0;
  }
}
