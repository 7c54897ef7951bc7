package dev.ermine.merge;

import dev.ermine.fhir.Compartment;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.ResourceTypes;
import dev.ermine.merge.filter.Filters;
import dev.ermine.merge.order.Order;
import dev.ermine.merge.quality.Flaw;
import dev.ermine.policy.EntryDecision;
import dev.ermine.policy.EntryDecision.Reason;
import dev.ermine.policy.EntryPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What one region's answer comes to once its patient is checked: the entries that are disclosed,
 * and how many are not.
 *
 * @param kept those that are
 * @param setAside why entries cannot be shown, once for each of them
 * @param unasked entries that the region added and nobody asked for
 * @param withheld why sharing rules keep entries back; none of these is counted anywhere
 * @param standing how sure it is that its patient is the one asked about
 * @param filtered what the filters of the query come to for what is left
 */
record RegionView(
    RegionBase base,
    List<Placed> kept,
    List<Flaw> setAside,
    int unasked,
    Set<Reason> withheld,
    Standing standing,
    Filtered filtered) {

  RegionView {
    kept = List.copyOf(kept);
    setAside = List.copyOf(setAside);
    withheld = Set.copyOf(withheld);
  }

  /**
   * The view of an answer; empty when the region's patient is not surely the one asked about, or a
   * match of the answer is another patient's: then nothing of it is merged.
   */
  static Optional<RegionView> of(
      Sought sought,
      RegionBase base,
      Contribution.Asked asked,
      PeerAnswer.Answered answered,
      Filters filters) {
    Filtered filtered = new Filtered(filters, answered);
    return Identity.establish(sought, base, answered)
        .flatMap(identity -> sift(identity, base, asked, answered, filtered));
  }

  private static Optional<RegionView> sift(
      Identity identity,
      RegionBase base,
      Contribution.Asked asked,
      PeerAnswer.Answered answered,
      Filtered filtered) {
    List<Entry> entries = entries(answered);
    if (entries.stream().anyMatch(entry -> isAnothers(identity, entry))) {
      return Optional.empty();
    }
    if (!identity.isTheirs()) {
      return isHidden(asked.policy()) ? Optional.of(closed(base, filtered)) : Optional.empty();
    }
    EntryPolicy policy = asked.policy();
    return Optional.of(
        policy.undecided() || policy.withholdAll().isPresent()
            ? closed(base, filtered)
            : open(identity, base, asked, filtered, Withholding.from(identity, asked, entries)));
  }

  /** A Patient who may be this one, and objects in silence, must not be found out by a doubt. */
  private static boolean isHidden(EntryPolicy policy) {
    return policy.withholdAll().filter(reason -> !policy.tells(reason)).isPresent();
  }

  private static RegionView closed(RegionBase base, Filtered filtered) {
    return new RegionView(base, List.of(), List.of(), 0, Set.of(), Standing.UNTOLD, filtered);
  }

  private static RegionView open(
      Identity identity,
      RegionBase base,
      Contribution.Asked asked,
      Filtered filtered,
      Withholding.Rest rest) {
    List<Placed> sifted = new ArrayList<>();
    List<Flaw> setAside = new ArrayList<>();
    int unasked = 0;
    for (Entry entry : rest.entries()) {
      switch (verdict(identity, asked, entry)) {
        case UNASKED -> unasked++;
        case REFUSED, READ -> {}
        case UNKNOWN_TYPE -> setAside.add(Flaw.UNKNOWN_TYPE);
        case NO_SUBJECT -> setAside.add(Flaw.NO_SUBJECT);
        case KEEP -> {
          if (!filtered.leavesOut(entry)) {
            Placed.place(base, entry)
                .ifPresentOrElse(sifted::add, () -> setAside.add(Placed.flaw(base, entry)));
          }
        }
      }
    }
    List<Placed> led = Stranded.without(filtered.gone(), identity, sifted);
    List<Placed> kept = new Reach(identity, asked.types()).of(led);
    kept.forEach(filtered::note);
    return new RegionView(
        base,
        kept,
        setAside,
        unasked + led.size() - kept.size(),
        rest.reasons(),
        identity.standing(patient -> mayTell(asked, patient)),
        filtered);
  }

  /** The same with what is kept in order, so that nothing hangs on the order in which it came. */
  RegionView in(Order order) {
    return new RegionView(
        base,
        order.sorted(kept, placed -> placed.in(order), Placed.COPIES),
        setAside,
        unasked,
        withheld,
        standing,
        filtered);
  }

  /** A Patient that is withheld in silence is not told of. */
  private static boolean mayTell(Contribution.Asked asked, Entry patient) {
    return !asked.disclosable().contains("Patient")
        || !(asked.policy().decide(patient) instanceof EntryDecision.Withheld(Reason reason, _))
        || asked.policy().tells(reason);
  }

  /** Every entry of every type that was read, in order. */
  static List<Entry> entries(PeerAnswer.Answered answered) {
    List<Entry> entries = new ArrayList<>();
    for (PeerAnswer.TypeAnswer type : answered.types().values()) {
      if (type instanceof PeerAnswer.TypeAnswer.Read read) {
        entries.addAll(read.entries());
      }
    }
    return entries;
  }

  /** A match of another's record shows that the region means another patient. */
  private static boolean isAnothers(Identity identity, Entry entry) {
    return entry.mode() == Entry.Mode.MATCH
        && Compartment.contains(entry.type())
        && identity.subjectOf(entry) == Identity.Subject.ANOTHER;
  }

  private enum Verdict {
    KEEP,
    NO_SUBJECT,
    UNASKED,
    UNKNOWN_TYPE,
    /** Of a patient under the number who is not surely this one: the account says so of them. */
    REFUSED,
    /** It is about the others, and not counted among them. */
    READ
  }

  private static Verdict verdict(Identity identity, Contribution.Asked asked, Entry entry) {
    if (entry.type().equals("Provenance") && !asked.types().contains("Provenance")) {
      return Verdict.READ;
    }
    if (!ResourceTypes.isKnown(entry.type())) {
      return Verdict.UNKNOWN_TYPE;
    }
    if (!Compartment.contains(entry.type())) {
      return nobodys(identity, asked, entry);
    }
    Identity.Subject subject = identity.subjectOf(entry);
    if (subject == Identity.Subject.REFUSED) {
      return Verdict.REFUSED;
    }
    boolean wanted =
        entry.mode() == Entry.Mode.MATCH
            ? asked.types().contains(entry.type())
            : asked.disclosable().contains(entry.type());
    if (!wanted) {
      return Verdict.UNASKED;
    }
    return subject == Identity.Subject.THIS_PATIENT ? Verdict.KEEP : Verdict.NO_SUBJECT;
  }

  /**
   * Of what is no patient's record; a Binary comes by read alone, where its pointers are checked.
   */
  private static Verdict nobodys(Identity identity, Contribution.Asked asked, Entry entry) {
    if (entry.type().equals("Binary") || !asked.disclosable().contains(entry.type())) {
      return Verdict.UNASKED;
    }
    return identity.containsAnother(entry) ? Verdict.NO_SUBJECT : Verdict.KEEP;
  }
}
