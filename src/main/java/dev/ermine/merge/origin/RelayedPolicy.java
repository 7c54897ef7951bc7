package dev.ermine.merge.origin;

import dev.ermine.fhir.Entry;
import dev.ermine.policy.EntryDecision;
import dev.ermine.policy.EntryDecision.Disclosed;
import dev.ermine.policy.EntryDecision.Reason;
import dev.ermine.policy.EntryDecision.Withheld;
import dev.ermine.policy.EntryPolicy;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import java.util.Map;
import java.util.Optional;

/**
 * The rules of a region that relays other regions' entries: what it may share of these is what
 * their own regions' terms let through, too.
 *
 * <p>What only those terms keep back is never told of in the relay's name: of the region that it
 * comes from the account has a line of its own, with all that may be said of it (suspended, not
 * agreed, withheld, consent unknown). A word in the relay's would say besides that the patient is
 * known over there, which that region may want to keep silent. So its entry is as if the relay had
 * none.
 *
 * @param relay those of the region that sent the entries
 * @param asking the region that asks: its own data need no agreement with itself, and what its
 *     patients have decided there counts in every region's rules
 * @param terms those of each other region that is named; of one without any, nothing is disclosed
 */
public record RelayedPolicy(
    EntryPolicy relay, Origins origins, RegionId asking, Map<RegionId, OriginTerms> terms)
    implements EntryPolicy {

  public RelayedPolicy {
    terms = Map.copyOf(terms);
  }

  @Override
  public boolean undecided() {
    return relay.undecided();
  }

  @Override
  public Optional<Reason> withholdAll() {
    return relay.withholdAll();
  }

  /** The relay's word comes first: what it tells of does not hang on anyone else's terms. */
  @Override
  public EntryDecision decide(Entry entry) {
    return switch (relay.decide(entry)) {
      case Withheld withheld -> withheld;
      case Disclosed disclosed ->
          origins.of(entry).claimed().stream()
              .map(Region::id)
              .filter(region -> !region.equals(asking))
              .flatMap(region -> withholding(region, entry).stream())
              .findFirst()
              .<EntryDecision>map(rule -> new Withheld(Reason.ORIGIN, "origin:" + rule))
              .orElse(disclosed);
    };
  }

  private Optional<String> withholding(RegionId region, Entry entry) {
    OriginTerms theirs = terms.get(region);
    return theirs == null ? Optional.of("default-deny") : theirs.withholding(entry);
  }

  @Override
  public boolean tells(Reason reason) {
    return reason != Reason.ORIGIN && relay.tells(reason);
  }
}
