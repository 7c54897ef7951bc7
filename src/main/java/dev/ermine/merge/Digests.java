package dev.ermine.merge;

import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Slice;
import dev.ermine.merge.order.Order;
import dev.ermine.region.RegionId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What tells of each region whether it discloses the same again: 64 bits of a SHA-256 over its
 * entries, in an order that it has no say in. To whom the answer goes they are of no use but to
 * hold two against each other.
 */
final class Digests {

  private Digests() {}

  /** Those of the regions that disclose anything. */
  static Map<RegionId, Long> of(List<Merged.Share> shares, Order order) {
    Map<RegionId, Long> digests = new LinkedHashMap<>();
    for (Merged.Share share : shares) {
      List<Placed> disclosed =
          order.sorted(share.disclosed(), placed -> placed.in(order), Placed.COPIES);
      if (!disclosed.isEmpty()) {
        digests.put(share.region().id(), of(disclosed));
      }
    }
    return digests;
  }

  private static long of(List<Placed> disclosed) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      disclosed.forEach(placed -> add(digest, placed));
      return ByteBuffer.wrap(digest.digest()).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Each part after its length, so that none runs into the next. */
  private static void add(MessageDigest digest, Placed placed) {
    Slice resource = placed.entry().resource();
    byte[] address = placed.fullUrl().getBytes(StandardCharsets.UTF_8);
    digest.update(
        ByteBuffer.allocate(3 * Integer.BYTES)
            .putInt(placed.entry().mode() == Entry.Mode.MATCH ? 1 : 0)
            .putInt(address.length)
            .putInt(resource.length())
            .flip());
    digest.update(address);
    digest.update(resource.bytes(), resource.from(), resource.length());
  }
}
