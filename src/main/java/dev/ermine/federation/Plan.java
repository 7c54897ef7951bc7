package dev.ermine.federation;

import dev.ermine.fhir.FhirQuery;
import dev.ermine.merge.Contribution;
import dev.ermine.policy.AgreementRules;
import dev.ermine.policy.RegionDecision;
import dev.ermine.policy.Standing;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.trust.Requester;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Who is asked what in one query, and who is not and why: one step for every region that could be
 * asked, in the order of {@code regions.yaml}.
 */
record Plan(List<Step> steps) {

  private static final List<String> MEDICINES =
      List.of("MedicationRequest:medication", "MedicationStatement:medication");

  /** What a List and a Composition list: they cannot be judged without it. */
  static final List<String> ITEMS = List.of("List:item", "Composition:entry");

  Plan {
    steps = List.copyOf(steps);
  }

  /** One region's part in the query. */
  sealed interface Step {
    Region region();

    /**
     * It is asked for the types that the decision permits.
     *
     * @param offer that the glass may be broken, where it may
     */
    record Ask(Region region, RegionDecision decision, Standing standing, Optional<String> offer)
        implements Step {

      /** Every type that an agreement lets the asker have of it. */
      Set<String> disclosable() {
        return standing.permitted();
      }

      /** The decision on all of these. */
      RegionDecision onAll() {
        return standing.decide(List.copyOf(disclosable()));
      }
    }

    /** It is not asked. */
    record Leave(Region region, RegionDecision decision, Why why) implements Step {}
  }

  /** Why a region is not asked. */
  enum Why {
    NOT_AGREED,
    LEFT_OUT,
    SUSPENDED
  }

  /**
   * The plan that the rules allow at that moment.
   *
   * @param optOutsKnown whether it is known who has opted out of uses beyond their care
   */
  static Plan of(
      AgreementRules rules,
      Requester requester,
      List<String> types,
      Wishes wishes,
      Instant at,
      boolean optOutsKnown) {
    Function<Region, Standing> standing = rules.standing(requester, at, optOutsKnown);
    List<Step> steps = new ArrayList<>();
    for (Region region : rules.regions().peersOf(requester.region())) {
      steps.add(
          step(
              standing.apply(region), types, wishes, rules.breakGlassOffer(requester, region, at)));
    }
    return new Plan(steps);
  }

  /**
   * One region's part, be it asked or not.
   *
   * @param offer that the glass may be broken, where it may
   */
  static Step step(Standing standing, List<String> types, Wishes wishes, Optional<String> offer) {
    Region region = standing.releasing();
    RegionDecision decision = standing.decide(types);
    if (!decision.permitsSome()) {
      return new Step.Leave(region, decision, Why.NOT_AGREED);
    }
    if (wishes.regions().filter(named -> !named.contains(region.id().value())).isPresent()) {
      return new Step.Leave(region, decision, Why.LEFT_OUT);
    }
    if (!region.active()) {
      return new Step.Leave(region, decision, Why.SUSPENDED);
    }
    return new Step.Ask(region, decision, standing, offer);
  }

  List<Step.Ask> asks() {
    return steps.stream().filter(Step.Ask.class::isInstance).map(Step.Ask.class::cast).toList();
  }

  List<Step.Leave> leaves() {
    return steps.stream().filter(Step.Leave.class::isInstance).map(Step.Leave.class::cast).toList();
  }

  boolean asksNobody() {
    return asks().isEmpty();
  }

  /** Whether a region would be asked if the user had proven themselves lately, and well enough. */
  boolean lacksStepUp() {
    return leaves().stream()
        .flatMap(leave -> leave.decision().rules().stream())
        .anyMatch(rule -> rule.endsWith(AgreementRules.STEP_UP));
  }

  /** How many regions an agreement lets this asker ask. */
  int agreed() {
    return (int)
        steps.stream()
            .filter(step -> !(step instanceof Step.Leave leave && leave.why() == Why.NOT_AGREED))
            .count();
  }

  /** The rules that let each region be asked. */
  Map<RegionId, List<String>> askedRules() {
    Map<RegionId, List<String>> rules = new LinkedHashMap<>();
    asks().forEach(ask -> rules.put(ask.region().id(), ask.decision().rules()));
    return rules;
  }

  /** The rules that keep each other region from being asked. */
  Map<RegionId, List<String>> leftRules() {
    Map<RegionId, List<String>> rules = new LinkedHashMap<>();
    leaves().forEach(leave -> rules.put(leave.region().id(), leftRules(leave)));
    return rules;
  }

  private static List<String> leftRules(Step.Leave leave) {
    return switch (leave.why()) {
      case NOT_AGREED -> leave.decision().rules();
      case LEFT_OUT -> List.of(Rehearsal.LEFT_OUT);
      case SUSPENDED -> List.of("suspended");
    };
  }

  /** What is asked of each region. */
  List<PeerQuestion> searches(Regions regions, Call call, FhirQuery query, Discretion discretion) {
    return asks().stream()
        .<PeerQuestion>map(
            ask ->
                new PeerQuestion.Search(
                    ask.region(),
                    regions.gateway(),
                    call.requester(),
                    query.patient(),
                    call.id(),
                    call.trace(),
                    ask.decision().permitted(),
                    query.filters(),
                    includes(ask),
                    discretion.consulting(discretion.release(ask.onAll()))))
        .toList();
  }

  /** A prescription is told with the medicine that it refers to, where that may be had. */
  private static List<String> includes(Step.Ask ask) {
    return ask.disclosable().contains("Medication")
        ? Stream.concat(MEDICINES.stream(), ITEMS.stream()).toList()
        : ITEMS;
  }

  /**
   * Every region's contribution, in order.
   *
   * @param now the snapshot at this moment: what a region said before trust in it ended is not used
   */
  List<Contribution> contributions(Discretion.Heard heard, Regions now) {
    return steps.stream().map(step -> contribution(step, heard, now)).toList();
  }

  private static Contribution contribution(Step step, Discretion.Heard heard, Regions now) {
    return switch (step) {
      case Step.Leave leave ->
          switch (leave.why()) {
            case NOT_AGREED -> new Contribution.NotAgreed(leave.region(), leave.decision().rules());
            case LEFT_OUT -> new Contribution.LeftOut(leave.region());
            case SUSPENDED -> new Contribution.Suspended(leave.region());
          };
      case Step.Ask ask ->
          now.region(ask.region().id()).filter(Region::mayAnswer).isPresent()
              ? asked(ask, heard.ruled(ask.onAll(), now))
              : new Contribution.Suspended(now.region(ask.region().id()).orElse(ask.region()));
    };
  }

  private static Contribution asked(Step.Ask ask, Discretion.Ruled ruled) {
    List<String> permitted = ask.decision().permitted();
    List<String> denied = ask.decision().denied();
    List<String> deniedBy =
        denied.stream().flatMap(type -> ask.decision().rules(type).stream()).distinct().toList();
    return new Contribution.Asked(
        ask.region(),
        permitted,
        ask.disclosable(),
        denied,
        deniedBy,
        ask.decision().rules(),
        ruled.answer(),
        ruled.policy(),
        ruled.notices(),
        ask.offer(),
        ruled.origins());
  }
}
