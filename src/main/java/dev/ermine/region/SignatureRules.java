package dev.ermine.region;

import dev.ermine.region.Approval.Signers;
import java.util.List;
import java.util.stream.Stream;

/** How many officers' signatures a file needs. */
final class SignatureRules {

  private SignatureRules() {}

  /** What is lacking, and each signature that does not count. */
  static List<Fault> against(String file, Signers signers, int needed) {
    int has = signers.officers().size();
    if (has >= needed) {
      return List.of();
    }
    Fault lack =
        new Fault(
            file + Sources.SIGNATURES,
            0,
            "",
            "has good signatures of %d of the %d officers that have to sign; have it signed with"
                    .formatted(has, needed)
                + " `./ermine trust sign`");
    return Stream.concat(Stream.of(lack), flaws(file, signers).stream()).toList();
  }

  /** Each signature that does not count. */
  static List<Fault> flaws(String file, Signers signers) {
    return signers.flaws().stream()
        .map(flaw -> new Fault(file + Sources.SIGNATURES, flaw.line(), "", flaw.message()))
        .toList();
  }
}
