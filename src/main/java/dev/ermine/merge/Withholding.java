package dev.ermine.merge;

import dev.ermine.fhir.Entry;
import dev.ermine.policy.EntryDecision;
import dev.ermine.policy.EntryDecision.Reason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What sharing rules keep back of one region's entries: those that they withhold, whatever refers
 * to these, and what only these lead to. What is left is what there would be without them.
 */
final class Withholding {

  /** Types that are withheld whole when one of their items is, with the element that has these. */
  private static final Map<String, String> COLLECTIONS =
      Map.of("List", "entry", "Composition", "section");

  private final Identity identity;
  private final Contribution.Asked asked;
  private final List<Entry> entries;
  private final Map<String, List<Entry>> standing = new HashMap<>();
  private final Map<String, List<Entry>> referring = new HashMap<>();
  private final Set<String> matched = new HashSet<>();
  private final Set<Entry> withheld = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<String> closed = new HashSet<>();
  private final Set<Reason> reasons = EnumSet.noneOf(Reason.class);

  /**
   * What is left.
   *
   * @param reasons why anything is withheld
   */
  record Rest(List<Entry> entries, Set<Reason> reasons) {
    Rest {
      entries = List.copyOf(entries);
      reasons = Set.copyOf(reasons);
    }
  }

  private Withholding(Identity identity, Contribution.Asked asked, List<Entry> entries) {
    this.identity = identity;
    this.asked = asked;
    this.entries = entries;
  }

  /** What the asker may see of the entries. */
  static Rest from(Identity identity, Contribution.Asked asked, List<Entry> entries) {
    Withholding withholding = new Withholding(identity, asked, entries);
    return entries.stream().anyMatch(withholding::mayStart)
        ? withholding.rest()
        : new Rest(entries, Set.of());
  }

  /** Most records hold nothing that is withheld, and then nothing has to be located. */
  private boolean mayStart(Entry entry) {
    return COLLECTIONS.containsKey(entry.type())
        || (isJudged(entry) && asked.policy().decide(entry) instanceof EntryDecision.Withheld);
  }

  private Rest rest() {
    entries.forEach(this::locate);
    entries.forEach(this::judge);
    Set<Entry> stranded = stranded();
    return new Rest(
        entries.stream()
            .filter(entry -> !withheld.contains(entry) && !stranded.contains(entry))
            .toList(),
        reasons);
  }

  private void locate(Entry entry) {
    addresses(entry).forEach(at -> put(standing, at, entry));
    if (entry.mode() == Entry.Mode.MATCH) {
      addresses(entry).forEach(matched::add);
    }
    references(entry).forEach(at -> put(referring, at, entry));
  }

  private void judge(Entry entry) {
    if (isJudged(entry)
        && asked.policy().decide(entry) instanceof EntryDecision.Withheld(Reason reason, _)) {
      withhold(entry, reason);
    }
    if (!items(entry).allMatch(this::isAtHand)) {
      withhold(entry, Reason.LABEL);
    }
  }

  /** What no agreement covers is not disclosed in any case. */
  private boolean isJudged(Entry entry) {
    return asked.disclosable().contains(entry.type());
  }

  /** Withholds an entry, its copies, and all that refers to them, by any number of steps. */
  private void withhold(Entry first, Reason reason) {
    reasons.add(reason);
    Deque<Entry> open = new ArrayDeque<>(List.of(first));
    while (!open.isEmpty()) {
      Entry entry = open.remove();
      if (withheld.add(entry)) {
        addresses(entry)
            .filter(closed::add)
            .forEach(
                at -> {
                  open.addAll(at(standing, at));
                  open.addAll(at(referring, at));
                });
      }
    }
  }

  /** What a List or a Composition lists; it cannot be judged without them. */
  private Stream<String> items(Entry entry) {
    String element = COLLECTIONS.getOrDefault(entry.type(), "");
    return entry.references().stream()
        .filter(reference -> reference.element().equals(element))
        .map(item -> item.literal().map(url -> identity.address(entry, url.value())).orElse(""));
  }

  private boolean isAtHand(String address) {
    return address.startsWith("#")
        || identity.isAt(address)
        || at(standing, address).stream().anyMatch(this::isJudged);
  }

  /** Entries that nobody asked for by themselves, and that only withheld ones lead to. */
  private Set<Entry> stranded() {
    Set<Entry> behind = reached(withheld);
    List<Entry> others =
        entries.stream()
            .filter(entry -> !withheld.contains(entry) && !behind.contains(entry))
            .toList();
    behind.removeAll(reached(others));
    return behind;
  }

  /** The included entries that {@code from} lead to by any number of steps. */
  private Set<Entry> reached(Iterable<Entry> from) {
    Set<Entry> reached = Collections.newSetFromMap(new IdentityHashMap<>());
    Set<String> seen = new HashSet<>();
    Deque<Entry> open = new ArrayDeque<>();
    from.forEach(open::add);
    while (!open.isEmpty()) {
      Entry entry = open.remove();
      Stream.concat(references(entry), attachments(entry))
          .filter(seen::add)
          .flatMap(at -> at(standing, at).stream())
          .filter(this::isMereInclude)
          .filter(reached::add)
          .forEach(open::add);
    }
    return reached;
  }

  private boolean isMereInclude(Entry entry) {
    return !withheld.contains(entry) && addresses(entry).noneMatch(matched::contains);
  }

  /** Where an entry stands, and for one named by a UUID, where its id would have it stand. */
  private Stream<String> addresses(Entry entry) {
    Stream<String> named = identity.address(entry).stream();
    return entry.fullUrl().filter(url -> url.startsWith("urn:")).isPresent()
        ? Stream.concat(
            named, entry.id().map(id -> identity.address(entry.type() + "/" + id)).stream())
        : named;
  }

  /** Where an entry's references lead; that to the patient's own Patient says nothing. */
  private Stream<String> references(Entry entry) {
    return entry.references().stream()
        .flatMap(reference -> reference.literal().stream())
        .map(literal -> identity.address(entry, literal.value()))
        .filter(at -> !at.startsWith("#") && !identity.isAt(at));
  }

  private Stream<String> attachments(Entry entry) {
    return entry.urls().stream()
        .filter(url -> url.kind() == Entry.Url.Kind.ATTACHMENT)
        .map(url -> identity.address(entry, url.value()));
  }

  private static List<Entry> at(Map<String, List<Entry>> map, String at) {
    return map.getOrDefault(at, List.of());
  }

  private static void put(Map<String, List<Entry>> map, String at, Entry entry) {
    map.computeIfAbsent(at, _ -> new ArrayList<>()).add(entry);
  }
}
