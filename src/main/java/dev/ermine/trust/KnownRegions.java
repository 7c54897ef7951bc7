package dev.ermine.trust;

import dev.ermine.region.Region;
import dev.ermine.region.Region.Asks;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.trust.CertificateRules.Purpose;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One version of the regions, read for trust: each by its pinned certificates, with its keys. */
final class KnownRegions {

  /** A region that asks, and the keys that prove its tokens. */
  record Asker(Region region, Asks asks, RegionKeys keys) {

    /** The certificate of this thumbprint. */
    Optional<X509Certificate> pinned(String thumbprint) {
      return asks.certificates().stream()
          .filter(pinned -> Thumbprints.x5tS256(pinned).equals(thumbprint))
          .findFirst();
    }
  }

  private final Regions regions;
  private final Map<X509Certificate, String> thumbprints = new HashMap<>();
  private final Map<String, Asker> byThumbprint = new HashMap<>();
  private final Set<String> shared = new HashSet<>();
  private final List<String> faults = new ArrayList<>();

  KnownRegions(Regions regions) {
    this(regions, PublishedKeys.none());
  }

  /**
   * @param published the keys of regions that publish them
   */
  KnownRegions(Regions regions, PublishedKeys published) {
    this.regions = regions;
    Map<String, RegionId> owners = RegionKeys.owners(regions);
    for (Region region : regions.regions()) {
      region.asks().ifPresent(asks -> add(asker(region, asks, published, owners)));
    }
    byThumbprint.keySet().removeAll(shared);
  }

  /** Of what a region publishes, a key that another region has declared is not its own. */
  private static Asker asker(
      Region region, Asks asks, PublishedKeys published, Map<String, RegionId> owners) {
    RegionKeys.Elsewhere own =
        keyId ->
            asks.published()
                .flatMap(it -> published.key(region.id(), asks.algorithm(), it, keyId))
                .filter(
                    key -> owners.getOrDefault(key.thumbprint(), region.id()).equals(region.id()));
    return new Asker(region, asks, RegionKeys.of(asks, own));
  }

  /** The same without what regions publish. */
  static Supplier<KnownRegions> live(Supplier<Regions> regions) {
    return live(regions, PublishedKeys.none());
  }

  /** The live version, read anew only when another one has come into force. */
  @SuppressWarnings("ReferenceEquality") // which version it is, not what it says
  static Supplier<KnownRegions> live(Supplier<Regions> regions, PublishedKeys published) {
    AtomicReference<@Nullable KnownRegions> last = new AtomicReference<>();
    return () -> {
      Regions now = regions.get();
      KnownRegions known = last.get();
      if (known == null || known.regions != now) {
        known = new KnownRegions(now, published);
        last.set(known);
      }
      return known;
    };
  }

  private void add(Asker asker) {
    asker.keys().faults().forEach(fault -> tell(asker, "keys: " + fault));
    int index = 0;
    for (X509Certificate certificate : asker.asks().certificates()) {
      String path = "certificates[" + index++ + "]: ";
      String thumbprint = Thumbprints.x5tS256(certificate);
      thumbprints.put(certificate, thumbprint);
      CertificateRules.fault(certificate, Purpose.CLIENT)
          .or(() -> pin(thumbprint, asker))
          .ifPresent(fault -> tell(asker, path + fault));
    }
  }

  /** Pins a certificate to a region; a fault when it is another's too, and then it is nobody's. */
  private Optional<String> pin(String thumbprint, Asker asker) {
    Asker holder = byThumbprint.putIfAbsent(thumbprint, asker);
    if (holder == null || holder.equals(asker)) {
      return Optional.empty();
    }
    shared.add(thumbprint);
    RegionId other = holder.region().id();
    return Optional.of("region `" + other + "` has it too; a certificate proves one region");
  }

  private void tell(Asker asker, String fault) {
    faults.add("regions." + asker.region().id() + ".asks." + fault);
  }

  /** The version of the regions that this is read from. */
  Regions regions() {
    return regions;
  }

  /** The version of {@code regions.yaml}. */
  String hash() {
    return regions.hash();
  }

  /** The thumbprint of a certificate that stands in the file, bit for bit. */
  Optional<String> thumbprint(X509Certificate certificate) {
    return Optional.ofNullable(thumbprints.get(certificate));
  }

  /** The one region that has pinned the certificate of this thumbprint. */
  Optional<Asker> asker(String thumbprint) {
    return Optional.ofNullable(byThumbprint.get(thumbprint));
  }

  /** What stands in the regions' certificates and keys and cannot be used. */
  List<String> faults() {
    return List.copyOf(faults);
  }
}
