package dev.ermine.federation;

import dev.ermine.region.RegionId;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A block of questions that one version answers alike and another differently: every combination of
 * its terms' values. A term that is not there makes no difference.
 *
 * @param rules the agreements that permit it where it is permitted
 */
public record Sharing(
    RegionId releasing, RegionId asking, List<String> rules, Map<Term, SortedSet<String>> terms) {

  /** What a question may differ in. */
  public enum Term {
    /** Resource types. */
    TYPE,
    /** Purposes of use; joined by {@code with} where they must be stated together. */
    PURPOSE,
    /** Roles; joined by {@code with} where one asker must have them all. */
    ROLE,
    /** Asking organisations by ODS code, or {@link #OTHER}. */
    ORGANISATION,
    /**
     * Bases of the relationship with the patient, {@link #OTHER}, {@link #STATED}, {@link #NONE}.
     */
    BASIS,
    /** How a user was authenticated who breaks the glass, and how long ago. */
    STEP_UP,
    /** Days, {@code from/until}; {@code ..} where nothing ends them. */
    PERIOD
  }

  /** Every value that neither version names. */
  public static final String OTHER = "any other";

  /** No relationship stated. */
  public static final String NONE = "none stated";

  /** Any relationship, but there must be one. */
  public static final String STATED = "stated on any basis";

  /** The end of what does not end. */
  static final String OPEN = "..";

  public Sharing {
    rules = List.copyOf(rules);
    Map<Term, SortedSet<String>> copy = new EnumMap<>(Term.class);
    copy.putAll(terms);
    terms = Collections.unmodifiableMap(copy);
  }

  /** The same with other values of a term; without the term where there are none. */
  Sharing with(Term term, Collection<String> values) {
    Map<Term, SortedSet<String>> others = new EnumMap<>(Term.class);
    others.putAll(terms);
    if (values.isEmpty()) {
      others.remove(term);
    } else {
      others.put(term, Collections.unmodifiableSortedSet(new TreeSet<>(values)));
    }
    return new Sharing(releasing, asking, rules, others);
  }

  /** The values of the term; none where it makes no difference. */
  public SortedSet<String> values(Term term) {
    return terms.getOrDefault(term, Collections.emptySortedSet());
  }

  /** The same questions in fewer blocks: those that differ in one term only become one. */
  static List<Sharing> merged(List<Sharing> blocks) {
    List<Sharing> merged = blocks;
    for (Term term : Term.values()) {
      merged = merged(merged, term);
    }
    return merged.stream().map(Sharing::joined).toList();
  }

  private static List<Sharing> merged(List<Sharing> blocks, Term term) {
    Map<Sharing, Sharing> alike = new LinkedHashMap<>();
    for (Sharing block : blocks) {
      alike.merge(
          block.with(term, List.of()),
          block,
          (one, other) -> {
            SortedSet<String> both = new TreeSet<>(one.values(term));
            both.addAll(other.values(term));
            return one.with(term, both);
          });
    }
    return List.copyOf(alike.values());
  }

  /** Periods that follow upon each other become one. */
  private Sharing joined() {
    List<String> periods = new ArrayList<>();
    for (String period : values(Term.PERIOD)) {
      String last = periods.isEmpty() ? "" : periods.getLast();
      if (!last.isEmpty() && !until(last).equals(OPEN) && follows(until(last), from(period))) {
        periods.set(periods.size() - 1, from(last) + "/" + until(period));
      } else {
        periods.add(period);
      }
    }
    return with(Term.PERIOD, periods);
  }

  private static boolean follows(String until, String from) {
    return LocalDate.parse(until).plusDays(1).equals(LocalDate.parse(from));
  }

  private static String from(String period) {
    return period.substring(0, period.indexOf('/'));
  }

  private static String until(String period) {
    return period.substring(period.indexOf('/') + 1);
  }

  /** In an officer's words: {@code Flag of london to wessex for TREAT, roles R8000}. */
  public String words() {
    StringBuilder words = new StringBuilder(listed(Term.TYPE));
    words.append(" of ").append(releasing).append(" to ").append(asking);
    words.append(" for ").append(listed(Term.PURPOSE)).append(", roles ").append(listed(Term.ROLE));
    if (terms.containsKey(Term.ORGANISATION)) {
      words.append(", organisations ").append(listed(Term.ORGANISATION));
    }
    if (terms.containsKey(Term.BASIS)) {
      words.append(", relationship ").append(listed(Term.BASIS));
    }
    if (terms.containsKey(Term.STEP_UP)) {
      words.append(", authenticated as ").append(listed(Term.STEP_UP));
    }
    for (String period : values(Term.PERIOD)) {
      words.append(", from ").append(from(period));
      if (!until(period).equals(OPEN)) {
        words.append(" until ").append(until(period));
      }
    }
    return words.append(" (").append(String.join(", ", rules)).append(")").toString();
  }

  private String listed(Term term) {
    return String.join(", ", values(term));
  }
}
