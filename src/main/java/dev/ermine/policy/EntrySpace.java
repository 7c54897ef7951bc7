package dev.ermine.policy;

import dev.ermine.fhir.Addresses;
import dev.ermine.fhir.Entry;
import dev.ermine.region.Region;

/**
 * Where the entries stand that rules look at, so that it can be told whether two addresses name one
 * resource.
 *
 * @param base of the record that they come from; with another region's entries, whose own {@code
 *     fullUrl} alone says where they stand, that of the record that names them
 * @param keeper who keeps them
 */
record EntrySpace(String base, Keeper keeper) {

  /** Who keeps the entries that a holder's Consents are asked about. */
  enum Keeper {
    /** The holder. */
    HOLDER,
    /** Another region, which has copies of the holder's: under which addresses is not known. */
    RELAY,
    /** Another region, of its own. */
    ANOTHER
  }

  /** Nowhere that is known. */
  static final String NOWHERE = "";

  /** That of the entries which the Consents of {@code holder} speak of. */
  static EntrySpace of(Region holder, Region asking, Consents.Known consents) {
    String base = holder.answers().map(own -> own.base().toString()).orElse(consents.base());
    return new EntrySpace(base, holder.id().equals(asking.id()) ? Keeper.ANOTHER : Keeper.HOLDER);
  }

  /** The same where another region keeps them. */
  EntrySpace relayed() {
    return keeper == Keeper.HOLDER ? new EntrySpace(base, Keeper.RELAY) : this;
  }

  String address(Entry entry) {
    return isPlaced(entry) ? new Addresses(base).of(entry) : NOWHERE;
  }

  /** Where a reference in {@code entry} leads. */
  String address(Entry entry, String reference) {
    return isPlaced(entry) || reference.contains(":")
        ? new Addresses(base).of(entry, reference)
        : NOWHERE;
  }

  private boolean isPlaced(Entry entry) {
    return keeper == Keeper.HOLDER
        || entry.fullUrl().filter(url -> url.startsWith("http")).isPresent();
  }

  /**
   * Whether an address that a Consent names is one of this space. Two addresses of the same record
   * are two resources, and so are an address of the asking region's record and another region's;
   * else a resource may have several, as in a register that keeps ids of its own.
   */
  Truth same(String named, String address) {
    if (named.isEmpty() || address.isEmpty()) {
      return Truth.UNKNOWN;
    }
    if (named.equals(address)) {
      return Truth.TRUE;
    }
    return keeper == Keeper.ANOTHER || (isWithin(named) && isWithin(address))
        ? Truth.FALSE
        : Truth.UNKNOWN;
  }

  boolean isWithin(String address) {
    return address.startsWith(base) && address.startsWith("/", base.length());
  }
}
