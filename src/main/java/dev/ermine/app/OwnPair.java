package dev.ermine.app;

import dev.ermine.app.Live.Reading;
import dev.ermine.region.Stage;
import dev.ermine.trust.CertificateRules;
import dev.ermine.trust.CertificateRules.Purpose;
import dev.ermine.trust.GatewayIdentity;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A key pair of the gateway's own as it is configured: where it is, and what it has to prove.
 *
 * @param host the name that the certificate has to be for; empty where none is looked at
 * @param stage whether it may be one of development
 */
record OwnPair(PemPair files, Purpose purpose, Optional<String> host, Stage stage)
    implements Live.Files<GatewayIdentity> {

  private static final Duration SOON = Duration.ofDays(14);

  @Override
  public String fingerprint() {
    return files.fingerprint();
  }

  @Override
  public Reading<GatewayIdentity> read(Instant now) {
    try {
      GatewayIdentity identity = files.read();
      List<String> faults = faults(identity, now);
      return faults.isEmpty() ? new Reading.Good<>(identity) : new Reading.Refused<>(faults);
    } catch (PemPair.NotAPair e) {
      return new Reading.Refused<>(
          List.of(property(e.isTheKey() ? "key" : "certificate") + ": " + e.getMessage()));
    }
  }

  private List<String> faults(GatewayIdentity identity, Instant now) {
    List<String> faults = new ArrayList<>();
    CertificateRules.fault(identity.certificate(), purpose)
        .ifPresent(fault -> faults.add(ofCertificate("cannot be shown: " + fault)));
    identity.chain().stream()
        .filter(certificate -> !CertificateRules.isValidAt(certificate, now))
        .forEach(certificate -> faults.add(ofCertificate(invalidity(certificate))));
    host.filter(name -> !CertifiedNames.cover(identity.certificate(), name))
        .ifPresent(
            name ->
                faults.add(
                    ofCertificate(
                        "is not for `%s`, the host of `ermine.base-url`; name it among its subject"
                                .formatted(name)
                            + " alternative names")));
    if (identity.chain().stream().anyMatch(stage::refuses)) {
      faults.add(ofCertificate(Stage.FAULT));
    }
    PrivateFile.fault(files.keyFile(), stage)
        .ifPresent(fault -> faults.add(property("key") + ": " + fault));
    return faults;
  }

  private static String invalidity(X509Certificate certificate) {
    return "is valid from %s until %s, which is not now; give one that is, with its chain"
        .formatted(certificate.getNotBefore().toInstant(), certificate.getNotAfter().toInstant());
  }

  /** What will soon be a fault: that the certificate is about to expire. */
  Optional<String> warning(GatewayIdentity identity, Instant now) {
    Instant end = identity.certificate().getNotAfter().toInstant();
    return end.isBefore(now.plus(SOON))
        ? Optional.of(ofCertificate("expires at " + end + "; renew it"))
        : Optional.empty();
  }

  private String ofCertificate(String fault) {
    return property("certificate") + ": `" + files.certificateFile() + "` " + fault;
  }

  private String property(String part) {
    return "ermine." + name() + "-" + part;
  }

  /** {@code server} or {@code client}. */
  String name() {
    return purpose.name().toLowerCase(Locale.ROOT);
  }
}
