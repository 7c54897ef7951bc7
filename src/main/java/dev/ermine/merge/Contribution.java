package dev.ermine.merge;

import dev.ermine.merge.origin.Origins;
import dev.ermine.policy.EntryPolicy;
import dev.ermine.region.Region;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What one known region brings to one query: an answer, or the reason why it was not asked. */
public sealed interface Contribution {

  /** The region. */
  Region region();

  /**
   * The region was asked.
   *
   * @param types the types asked of it
   * @param disclosable every type that an agreement lets this asker have of it
   * @param denied types of the query that it was not asked for, and the rules that say so
   * @param rules the rules that permit what was asked
   * @param policy what decides over its entries
   * @param notices what is said of it to every asker, whoever the patient is
   * @param offer that the glass may be broken, where that is so for every patient
   * @param origins whose record its entries come from
   */
  record Asked(
      Region region,
      List<String> types,
      Set<String> disclosable,
      List<String> denied,
      List<String> deniedBy,
      List<String> rules,
      PeerAnswer answer,
      EntryPolicy policy,
      List<String> notices,
      Optional<String> offer,
      Origins origins)
      implements Contribution {

    /** Of a region that relays nothing. */
    public Asked(
        Region region,
        List<String> types,
        Set<String> disclosable,
        List<String> denied,
        List<String> deniedBy,
        List<String> rules,
        PeerAnswer answer,
        EntryPolicy policy,
        List<String> notices,
        Optional<String> offer) {
      this(
          region,
          types,
          disclosable,
          denied,
          deniedBy,
          rules,
          answer,
          policy,
          notices,
          offer,
          Origins.OWN);
    }

    public Asked {
      types = List.copyOf(types);
      disclosable = Set.copyOf(disclosable);
      denied = List.copyOf(denied);
      deniedBy = List.copyOf(deniedBy);
      rules = List.copyOf(rules);
      notices = List.copyOf(notices);
    }
  }

  /** No agreement covers the question. */
  record NotAgreed(Region region, List<String> rules) implements Contribution {
    public NotAgreed {
      rules = List.copyOf(rules);
    }
  }

  /** The question came through the region, which is a gateway itself. */
  record CameThrough(Region region) implements Contribution {}

  /** The caller left the region out. */
  record LeftOut(Region region) implements Contribution {}

  /** Trust in the region is suspended. */
  record Suspended(Region region) implements Contribution {}
}
