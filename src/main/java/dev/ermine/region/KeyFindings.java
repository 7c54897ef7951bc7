package dev.ermine.region;

import dev.ermine.region.Finding.Severity;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What officers should look at among the keys, certificates and anchors of a file without fault:
 * what ends soon, what is weak, what two regions hold.
 */
public final class KeyFindings {

  private static final Duration NOTICE = Duration.ofDays(90);
  private static final Duration NOTICE_OF_LISTS = Duration.ofDays(14);

  private final Instant now;
  private final TreeSet<Finding> findings = new TreeSet<>();
  private final Map<List<Object>, RegionId> owners = new HashMap<>();

  private KeyFindings(Instant now) {
    this.now = now;
  }

  /** The findings, errors first. */
  public static List<Finding> of(Regions regions, Instant now) {
    KeyFindings look = new KeyFindings(now);
    regions.regions().forEach(look::lookAt);
    regions
        .demographics()
        .flatMap(Region::answers)
        .ifPresent(answers -> look.lookAt("demographics.", answers));
    return List.copyOf(look.findings);
  }

  private void lookAt(Region region) {
    String path = "regions." + region.id();
    region.asks().ifPresent(asks -> lookAt(region.id(), path + ".asks.", asks));
    region.answers().ifPresent(answers -> lookAt(path + ".answers.", answers));
  }

  private void lookAt(String path, Region.Answers answers) {
    lookAt(path + "anchors", answers.anchors());
    answers.revocation().ifPresent(it -> lookAt(path + "revocation.crls", it));
    // Those that it has from the region are told there.
    answers
        .token()
        .endpoint()
        .filter(endpoint -> !endpoint.anchors().equals(answers.anchors()))
        .ifPresent(endpoint -> lookAt(path + "token.endpoint.anchors", endpoint.anchors()));
  }

  private void lookAt(String path, Region.Revocation revocation) {
    for (Region.Revocation.Crl crl : revocation.crls()) {
      Instant begins = crl.list().getThisUpdate().toInstant();
      Instant ends = crl.list().getNextUpdate().toInstant();
      String shown = "list `" + crl.file() + "`";
      if (!ends.isAfter(now)) {
        add(Severity.ERROR, path, shown + " ended at " + ends + " and clears nobody; renew it");
      } else if (begins.isAfter(now)) {
        add(Severity.ERROR, path, shown + " begins at " + begins + " and clears nobody yet");
      } else if (ends.isBefore(now.plus(NOTICE_OF_LISTS))) {
        add(
            Severity.WARNING,
            path,
            shown + " ends at " + ends + ", and then clears nobody; have the next one brought");
      }
    }
  }

  private void lookAt(RegionId region, String path, Region.Asks asks) {
    lookAt(path + "certificates", asks.certificates());
    asks.revocation().ifPresent(it -> lookAt(path + "revocation.issuers", it.issuers()));
    asks.revocation().ifPresent(it -> lookAt(path + "revocation.crls", it));
    for (X509Certificate certificate : asks.certificates()) {
      own(region, path + "certificates", PublicKeys.material(certificate.getPublicKey()));
    }
    for (Region.KeySet set : asks.keys()) {
      for (Jwk key : PublicKeys.of(set)) {
        tellWeakness(path + "keys", "key " + PublicKeys.shown(key), key.material());
        own(region, path + "keys", key.material());
      }
    }
    asks.published().ifPresent(it -> lookAt(path + "published.anchors", it.anchors()));
    boolean verifies = asks.keys().stream().anyMatch(set -> set.use().verifies());
    if (!verifies && asks.published().isEmpty()) {
      add(
          Severity.ERROR,
          path + "keys",
          "none is `active` or `retiring`, so the region may ask nobody; give it one that is");
    }
  }

  private void lookAt(String path, List<X509Certificate> certificates) {
    for (X509Certificate certificate : certificates) {
      String shown = "certificate " + PublicKeys.shown(certificate);
      tellExpiry(path, shown, certificate);
      tellWeakness(path, shown, PublicKeys.material(certificate.getPublicKey()));
    }
  }

  private void tellExpiry(String path, String shown, X509Certificate certificate) {
    Instant begins = certificate.getNotBefore().toInstant();
    Instant ends = certificate.getNotAfter().toInstant();
    if (ends.isBefore(now)) {
      add(Severity.ERROR, path, shown + " expired at " + ends + "; have it replaced");
    } else if (begins.isAfter(now)) {
      add(Severity.ERROR, path, shown + " is not valid before " + begins + "; wait, or replace it");
    } else if (ends.isBefore(now.plus(NOTICE))) {
      String left = Duration.between(now, ends).toDays() + " days";
      add(
          Severity.WARNING,
          path,
          shown + " expires at " + ends + ", in " + left + "; add its successor beside it now");
    }
  }

  private void tellWeakness(String path, String shown, List<Object> material) {
    PublicKeys.weakness(material)
        .ifPresent(weakness -> add(Severity.WARNING, path, shown + " " + weakness));
  }

  /** The same key in two certificates, or in a certificate and a key file, is no two keys. */
  private void own(RegionId region, String path, List<Object> material) {
    RegionId owner = owners.putIfAbsent(material, region);
    if (owner != null && !owner.equals(region)) {
      add(
          Severity.ERROR,
          path,
          "holds a key of `" + owner + "` too; whoever has it can be taken for both: replace both");
    }
  }

  private void add(Severity severity, String path, String message) {
    findings.add(new Finding(severity, path, message));
  }
}
