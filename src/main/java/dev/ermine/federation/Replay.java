package dev.ermine.federation;

import dev.ermine.audit.PastEvent;
import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.trust.Requester;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/**
 * Past queries decided by two versions of {@code regions.yaml}, each at its own instant, by the
 * code that decides queries. Equal questions are decided once.
 */
public final class Replay {

  private static final ZoneId LONDON = ZoneId.of("Europe/London");

  /** Refusals of who was proven and had a question that might be answered otherwise. */
  private static final Set<String> DECIDED =
      Set.of(FederatedAnswer.Failure.NO_AGREEMENT.name(), FederatedAnswer.Failure.SUSPENDED.name());

  private final Rehearsal old;
  private final Rehearsal now;
  private final Optional<Instant> at;
  private final Map<Asked, Integer> asked = new HashMap<>();
  private final LongAdder queries = new LongAdder();
  private final LongAdder lacking = new LongAdder();
  private final LongAdder others = new LongAdder();

  /**
   * @param at when all of them are decided; empty: each at its own instant
   */
  public Replay(Regions before, Regions after, Optional<Instant> at) {
    this.old = new Rehearsal(before);
    this.now = new Rehearsal(after);
    this.at = at;
  }

  /** A question that may have been asked many times: agreements begin and end with the day. */
  private record Asked(PastEvent.Question question, Set<String> leftOut, LocalDate day) {}

  /** What one region would give for one type. */
  private record Cell(RegionId releasing, String type) {}

  /**
   * A type of a region that the two versions decide differently for askers of another.
   *
   * @param queries how many past queries it concerns
   */
  public record Difference(RegionId releasing, RegionId asking, String type, long queries) {}

  /**
   * What it came to.
   *
   * @param queries that were decided
   * @param broken how many of these lose something
   * @param brokenRegions the asking regions of these
   * @param widened how many gain something
   * @param lost what is lost, worst first
   * @param gained what is gained, worst first
   * @param lacking queries that do not say all that decisions rest on, and so were not decided
   * @param others events that are no queries to be decided
   */
  public record Result(
      long queries,
      long broken,
      Set<RegionId> brokenRegions,
      long widened,
      List<Difference> lost,
      List<Difference> gained,
      long lacking,
      long others) {

    public boolean isEmpty() {
      return lost.isEmpty() && gained.isEmpty();
    }
  }

  /** Takes the event in, if it is of a query. */
  public void add(PastEvent event) {
    boolean decided =
        event.phase() == PastEvent.Phase.INTENT
            || (event.phase() == PastEvent.Phase.REFUSAL && DECIDED.contains(event.description()));
    if (!decided) {
      others.increment();
    } else if (event.question().isEmpty()) {
      lacking.increment();
    } else {
      queries.increment();
      asked.merge(asked(event), 1, Integer::sum);
    }
  }

  private Asked asked(PastEvent event) {
    Set<String> leftOut =
        event.left().entrySet().stream()
            .filter(left -> left.getValue().stream().anyMatch(Rehearsal::isOfQuestion))
            .map(Map.Entry::getKey)
            .collect(Collectors.toUnmodifiableSet());
    LocalDate day = at.orElse(event.at()).atZone(LONDON).toLocalDate();
    return new Asked(event.question().orElseThrow(), leftOut, day);
  }

  public Result result() {
    Tally tally = new Tally();
    asked.forEach(
        (each, times) ->
            tally.count(
                new RegionId(each.question().region()),
                times,
                permitted(old, each),
                permitted(now, each)));
    return new Result(
        queries.sum(),
        tally.broken.sum(),
        tally.brokenRegions,
        tally.widened.sum(),
        tally.worstFirst(tally.lost),
        tally.worstFirst(tally.gained),
        lacking.sum(),
        others.sum());
  }

  private static Set<Cell> permitted(Rehearsal version, Asked asked) {
    PastEvent.Question question = asked.question();
    Instant noon = asked.day().atTime(LocalTime.NOON).toInstant(ZoneOffset.UTC);
    return version
        .explain(enquirer(question, noon), region -> reaches(asked, region), question.types(), noon)
        .stream()
        .filter(Prospect::permitted)
        .map(prospect -> new Cell(prospect.region(), prospect.type()))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static boolean reaches(Asked asked, Region region) {
    String id = region.id().value();
    return !asked.leftOut().contains(id)
        && asked.question().read().filter(only -> !only.equals(id)).isEmpty();
  }

  private static Enquirer enquirer(PastEvent.Question question, Instant at) {
    return new Enquirer(
        new RegionId(question.region()),
        question.organisation(),
        question.purposes().stream()
            .map(text -> PurposeOfUse.parse(text).orElseThrow())
            .collect(Collectors.toSet()),
        question.roles(),
        question.basis(),
        question.breaksGlass() ? Optional.of("stated") : Optional.empty(),
        question.patientNamed(),
        new Requester.StepUp(
            question.stepUp().map(PastEvent.StepUp::context),
            question.stepUp().map(stepUp -> at.minus(stepUp.age()))),
        question.ownRecord(),
        question.forwarder().map(RegionId::new));
  }

  /** The differences while they are counted. */
  private static final class Tally {
    private final Map<Difference, Long> lost = new HashMap<>();
    private final Map<Difference, Long> gained = new HashMap<>();
    private final Set<RegionId> brokenRegions = new TreeSet<>();
    private final LongAdder broken = new LongAdder();
    private final LongAdder widened = new LongAdder();

    void count(RegionId asking, int times, Set<Cell> before, Set<Cell> after) {
      Set<Cell> less = new HashSet<>(before);
      less.removeAll(after);
      Set<Cell> more = new HashSet<>(after);
      more.removeAll(before);
      less.forEach(cell -> add(lost, asking, cell, times));
      more.forEach(cell -> add(gained, asking, cell, times));
      if (!less.isEmpty()) {
        broken.add(times);
        brokenRegions.add(asking);
      }
      widened.add(more.isEmpty() ? 0 : times);
    }

    private static void add(Map<Difference, Long> all, RegionId asking, Cell cell, long times) {
      all.merge(new Difference(cell.releasing(), asking, cell.type(), 0), times, Long::sum);
    }

    List<Difference> worstFirst(Map<Difference, Long> all) {
      List<Difference> differences = new ArrayList<>();
      all.forEach(
          (each, times) ->
              differences.add(new Difference(each.releasing(), each.asking(), each.type(), times)));
      differences.sort(
          Comparator.comparingLong(Difference::queries)
              .reversed()
              .thenComparing(Difference::releasing)
              .thenComparing(Difference::asking)
              .thenComparing(Difference::type));
      return differences;
    }
  }
}
