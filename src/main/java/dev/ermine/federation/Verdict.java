package dev.ermine.federation;

import dev.ermine.federation.FederatedAnswer.Failure;
import dev.ermine.federation.FederatedAnswer.Tally;
import dev.ermine.federation.FederatedAnswer.Timing;
import dev.ermine.federation.FederatedAnswer.Unanswered;
import dev.ermine.federation.FederatedAnswer.View;
import dev.ermine.fhir.Gather;
import dev.ermine.fhir.Issue;
import dev.ermine.merge.AccountLine;
import dev.ermine.merge.Merged;
import dev.ermine.merge.Status;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.trust.Requester;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Whether a query as a whole has an answer: an empty one never stands for a failed one. */
final class Verdict {

  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration RETRY = Duration.ofSeconds(5);
  private static final String NO_AGREEMENT =
      "no data sharing agreement covers this asker, purpose, role and type at any region";

  /**
   * One query has many agreements, each with demands of its own, and its token is good: so it is
   * refused as for any other unmet term, and not challenged as RFC 9470 would.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc9470#section-3">RFC 9470, 3: challenge</a>
   */
  private static final String STEP_UP =
      "the glass may not be broken at any region by a user authenticated so: let the user"
          + " authenticate again, and send a token with `acr` and `auth_time` that an agreement takes";

  private Verdict() {}

  /**
   * The time that the query may take: the gateway's, or less if the asker wishes, or if the gateway
   * that hands the question on cannot wait so long.
   */
  static Deadline deadline(Regions regions, Wishes wishes, Requester requester) {
    Duration allowed = regions.gateway().deadline();
    Duration wished = longer(SHORTEST, wishes.deadline().orElse(allowed));
    Duration left = requester.timeLeft().map(Verdict::withoutWayBack).orElse(allowed);
    return Deadline.in(shorter(allowed, shorter(wished, left)));
  }

  /** What is said in the very last moment is heard too late. */
  private static Duration withoutWayBack(Duration left) {
    return left.multipliedBy(9).dividedBy(10);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** The failure of a query that may be put to no region, with the account that says why. */
  static Unanswered nobodyAsked(Merged merged, Plan plan) {
    boolean agreed = plan.agreed() > 0;
    Issue why =
        agreed
            ? Issue.error(
                Issue.Code.TRANSIENT,
                "every region that this asker may ask is suspended or was left out")
            : Issue.error(Issue.Code.FORBIDDEN, plan.lacksStepUp() ? STEP_UP : NO_AGREEMENT);
    return new Unanswered(
        agreed ? Failure.SUSPENDED : Failure.NO_AGREEMENT,
        withAccount(why, merged),
        Optional.of(tally(merged, plan, List.of())),
        agreed ? Optional.of(RETRY) : Optional.empty());
  }

  /**
   * The view, unless nobody could be heard or a region that the asker requires could not be.
   *
   * @param form how the view is written
   */
  static FederatedAnswer of(
      Merged merged,
      Plan plan,
      Wishes wishes,
      List<Timing> timings,
      Function<Merged, Gather> form) {
    Tally tally = tally(merged, plan, timings);
    return failure(merged.statuses(), wishes)
        .<FederatedAnswer>map(failure -> unanswered(failure, merged, tally))
        .orElseGet(
            () ->
                new View(
                    form.apply(merged),
                    tally,
                    Set.copyOf(merged.contributors()),
                    merged.origins()));
  }

  private static Optional<Failure> failure(Map<RegionId, Status> statuses, Wishes wishes) {
    List<Status> asked = statuses.values().stream().filter(Status::asked).toList();
    if (asked.isEmpty()) {
      return Optional.of(Failure.SUSPENDED);
    }
    if (asked.stream().allMatch(status -> status == Status.TIMED_OUT)) {
      return Optional.of(Failure.TIMED_OUT);
    }
    if (asked.stream().allMatch(status -> status == Status.THROTTLED)) {
      return Optional.of(Failure.THROTTLED);
    }
    if (asked.stream().noneMatch(Status::spoke)) {
      return Optional.of(Failure.FAILED);
    }
    return lacksRequired(statuses, wishes.require())
        ? Optional.of(Failure.REQUIRED_MISSING)
        : Optional.empty();
  }

  private static boolean lacksRequired(Map<RegionId, Status> statuses, Wishes.Require require) {
    return switch (require) {
      case Wishes.Require.Nothing _ -> false;
      case Wishes.Require.All _ -> statuses.values().stream().anyMatch(Status::missing);
      case Wishes.Require.These(var regions) ->
          statuses.entrySet().stream()
              .anyMatch(
                  status ->
                      regions.contains(status.getKey().value()) && status.getValue().missing());
    };
  }

  private static Unanswered unanswered(Failure failure, Merged merged, Tally tally) {
    Issue why =
        switch (failure) {
          case TIMED_OUT ->
              Issue.error(Issue.Code.TIMEOUT, "no region answered in time; ask again");
          case THROTTLED ->
              Issue.error(
                  Issue.Code.THROTTLED,
                  "every region's quota is spent, or there is no room for its answer; ask again later");
          case SUSPENDED ->
              Issue.error(Issue.Code.TRANSIENT, "trust in every region asked is suspended");
          case REQUIRED_MISSING ->
              Issue.error(
                  Issue.Code.INCOMPLETE,
                  "a region that `Ermine-Require` names could not be heard; ask again, or without it");
          case FAILED,
              UNKNOWN_REGION,
              NO_AGREEMENT,
              OTHER_PATIENT,
              TRUST_CHANGED,
              CONSENT_UNKNOWN,
              AUDIT_UNAVAILABLE,
              PAGE_OF_ANOTHER,
              PAGE_GONE,
              PAGE_OUTDATED,
              TOO_LONG_TO_PAGE ->
              Issue.error(Issue.Code.TRANSIENT, "no region could be heard; ask again");
        };
    return new Unanswered(
        failure,
        withAccount(why, merged),
        Optional.of(tally),
        failure.status() == 503 ? Optional.of(RETRY) : Optional.empty());
  }

  private static List<Issue> withAccount(Issue why, Merged merged) {
    List<Issue> issues = new ArrayList<>();
    issues.add(why);
    merged.account().stream().map(AccountLine::issue).forEach(issues::add);
    return issues;
  }

  private static Tally tally(Merged merged, Plan plan, List<Timing> timings) {
    Map<RegionId, Status> statuses = merged.statuses();
    long answered = statuses.values().stream().filter(Status::whole).count();
    boolean all =
        statuses.values().stream().allMatch(status -> status.whole() || status == Status.NOT_ASKED);
    return new Tally(
        plan.steps().size(), plan.agreed(), plan.asks().size(), (int) answered, all, timings);
  }
}
