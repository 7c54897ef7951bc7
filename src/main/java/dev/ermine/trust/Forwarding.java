package dev.ermine.trust;

import dev.ermine.region.Region;
import dev.ermine.trust.Trust.Reason;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The way of a question from the region where it began, through gateways that each signed what they
 * handed on, to the one that shows it. It was one region's word for the other, so each gateway
 * believes the one before it alone, and only as far as its own {@code regions.yaml} says.
 *
 * @param originator the issuer of the region that the user asks from
 * @param hops ids of the gateways, first one first; none where that region shows it itself
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8693#section-4.1">RFC 8693, 4.1: {@code act}</a>
 */
record Forwarding(String originator, List<String> hops) {

  /** How many gateways a question may have come through. */
  static final int MAX_HOPS = 3;

  private static final Pattern GATEWAY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  Forwarding {
    hops = List.copyOf(hops);
  }

  /** As a token of that region tells of it: whole, or not at all. */
  static Forwarding of(Claims claims, Certified by) throws Refusal {
    List<String> hops = claims.texts("hops");
    claims.require(hops.stream().allMatch(hop -> GATEWAY.matcher(hop).matches()));
    checkLoop(hops, by);
    if (hops.isEmpty()) {
      claims.require(!claims.has("originator"));
      return new Forwarding(by.issuer(), hops);
    }
    claims.require(claims.object("act").text("sub").equals(hops.getLast()));
    return new Forwarding(claims.text("originator"), hops);
  }

  /** As an access token says again what its client assertion has said. */
  static Map<String, Object> claims(Requester requester) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("hops", requester.hops());
    if (!requester.hops().isEmpty()) {
      claims.put("originator", requester.issuer());
      claims.put("act", Map.of("sub", requester.hops().getLast()));
    }
    return claims;
  }

  /** The region whose question it is, if the one that shows it may do so now. */
  Region origin(Certified by) throws Refusal {
    checkLoop(hops, by);
    Region sender = by.asker().region();
    if (hops.isEmpty()) {
      return sender;
    }
    Optional<Region> origin = by.known().regions().issuing(originator);
    Refusal.unless(
        origin.filter(it -> by.asker().asks().forwards().contains(it.id())).isPresent(),
        Reason.FORWARDING);
    Refusal.unless(
        by.known().regions().mayForward(sender.id(), origin.orElseThrow().id()),
        Reason.ORIGINATOR_NOT_ACTIVE);
    return origin.orElseThrow();
  }

  /** A question that has been here before is not taken round again, nor one that wanders. */
  private static void checkLoop(List<String> hops, Certified by) throws Refusal {
    Refusal.unless(
        hops.size() <= MAX_HOPS && !hops.contains(by.known().regions().gateway().id()),
        Reason.LOOP);
  }
}
