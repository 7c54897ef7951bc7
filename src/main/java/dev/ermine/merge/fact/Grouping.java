package dev.ermine.merge.fact;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The search for entries that record the same fact. Its time and room grow with the number of
 * entries, whatever they are: each stands under a few keys, under each of which only the first few
 * of a region take part, and only those that share a key are held against each other.
 *
 * <p>Patients are people, not facts: they are no part of it.
 */
final class Grouping {

  /** How many entries of one region take part under one key. */
  static final int MOST = 4;

  private final Map<Key, List<Member>> shelves;
  private final List<Member> linked = new ArrayList<>();
  private final AtomicInteger compared = new AtomicInteger();

  /** A candidate, and the others that record the same fact. */
  private static final class Member {
    private final Candidate candidate;
    private final int place;
    private final List<Member> alternates = new ArrayList<>(0);

    /** The one that was held against it last, and by which tie. */
    private @Nullable Member met;

    private @Nullable Tie tie;

    private Member(Candidate candidate, int place) {
      this.candidate = candidate;
      this.place = place;
    }

    private String type() {
      return candidate.fact().type();
    }

    private String fullUrl() {
      return candidate.fact().fullUrl();
    }
  }

  Grouping(List<Fact> facts) {
    shelves = HashMap.newHashMap(facts.size());
    Sieve sieve = new Sieve(facts.size());
    for (int place = 0; place < facts.size(); place++) {
      if (!facts.get(place).type().equals("Patient")) {
        sieve.add(place, facts.get(place).ties());
      }
    }
    sieve.mates().forEach(place -> shelve(new Member(new Candidate(facts.get(place)), place)));
  }

  /** What was found. */
  Alternates alternates() {
    Map<String, List<String>> links = HashMap.newHashMap(linked.size());
    for (Member member : linked) {
      member.alternates.sort(Comparator.comparingInt(other -> other.place));
      links.put(member.fullUrl(), fullUrls(member.alternates));
    }
    return new Alternates(links);
  }

  private static List<String> fullUrls(List<Member> members) {
    List<String> fullUrls = new ArrayList<>(members.size());
    for (Member member : members) {
      fullUrls.add(member.fullUrl());
    }
    return List.copyOf(fullUrls);
  }

  /** How many pairs were held against each other. */
  int compared() {
    return compared.get();
  }

  private void shelve(Member member) {
    member.candidate.tell(
        (tie, system, value, moment) ->
            shelve(member, new Key(tie, member.type(), system, value, moment)));
  }

  private void shelve(Member member, Key key) {
    List<Member> shelf = shelves.computeIfAbsent(key, _ -> new ArrayList<>(2));
    if (hasRoom(shelf, member)) {
      for (Member other : shelf) {
        meet(member, other, key.tie());
      }
      shelf.add(member);
    }
  }

  private static boolean hasRoom(List<Member> shelf, Member member) {
    int ofRegion = 0;
    for (Member other : shelf) {
      if (other.candidate.fact().region().id().equals(member.candidate.fact().region().id())) {
        ofRegion++;
      }
    }
    return ofRegion < MOST;
  }

  /** Two that share several keys of one kind are held against each other once. */
  private void meet(Member member, Member other, Tie tie) {
    if (other.met == member && other.tie == tie) {
      return;
    }
    other.met = member;
    other.tie = tie;
    compared.incrementAndGet();
    if (!member.alternates.contains(other) && member.candidate.records(other.candidate, tie)) {
      link(member, other);
      link(other, member);
    }
  }

  private void link(Member member, Member other) {
    if (member.alternates.isEmpty()) {
      linked.add(member);
    }
    member.alternates.add(other);
  }
}
