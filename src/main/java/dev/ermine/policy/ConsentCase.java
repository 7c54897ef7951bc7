package dev.ermine.policy;

import dev.ermine.region.Region;
import dev.ermine.trust.Requester;
import java.time.Instant;

/**
 * For whom and when Consents are looked at.
 *
 * @param holder whose Consents they are
 * @param asking the region that the requester asks for
 * @param space where the entries stand that are looked at
 * @param references where those in the Consents lead
 */
record ConsentCase(
    Region holder,
    Region asking,
    Requester requester,
    Instant at,
    EntrySpace space,
    ConsentReferences references) {

  static ConsentCase of(
      Consents.Known consents, Region holder, Region asking, Requester requester, Instant at) {
    return new ConsentCase(
        holder,
        asking,
        requester,
        at,
        EntrySpace.of(holder, asking, consents),
        new ConsentReferences(consents.entries(), consents.base()));
  }

  /** The same for entries that another region relays. */
  ConsentCase relayed() {
    return new ConsentCase(holder, asking, requester, at, space.relayed(), references);
  }
}
