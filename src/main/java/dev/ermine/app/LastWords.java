package dev.ermine.app;

import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.region.RegionId;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** What each region was last heard to say: when it answered, and why it did not. */
final class LastWords {

  /** What the fan-out makes of a question that it has stopped: its time was up. */
  static final PeerAnswer CANCELLED = new PeerAnswer.Missed(new Miss.TimedOut());

  private final InstantSource clock;
  private final ConcurrentMap<RegionId, Heard> regions = new ConcurrentHashMap<>();

  LastWords(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * What is known of a region that has been asked.
   *
   * @param answered when it last answered
   * @param missed why it has not answered since, if it has not
   */
  record Heard(Optional<Instant> answered, Optional<Missed> missed) {

    /** In words. */
    @Override
    public String toString() {
      String last = answered.map(at -> "answered " + at).orElse("never answered");
      return missed.map(miss -> miss.why() + " " + miss.at() + "; " + last).orElse(last);
    }
  }

  /** That there was no answer, and why, in words of ours. */
  record Missed(Instant at, String why) {}

  void note(RegionId region, PeerAnswer answer) {
    Instant at = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    switch (answer) {
      case PeerAnswer.Answered _,
          PeerAnswer.NotMatched _,
          PeerAnswer.Objected _,
          PeerAnswer.Document _ ->
          regions.put(region, new Heard(Optional.of(at), Optional.empty()));
      case PeerAnswer.Missed(Miss miss) ->
          regions.merge(
              region,
              new Heard(Optional.empty(), Optional.of(new Missed(at, why(miss)))),
              (before, now) -> new Heard(before.answered(), now.missed()));
    }
  }

  private static String why(Miss miss) {
    return switch (miss) {
      case Miss.TimedOut _ -> "timed out";
      case Miss.Unreachable(String why) -> "unreachable: " + why;
      case Miss.Failing(String why) -> "failing: " + why;
      case Miss.Throttled _ -> "throttled";
      case Miss.NoRoom _ -> "throttled: more than the gateway could hold";
      case Miss.Refused _ -> "refused the asker";
    };
  }

  /** The last words of a region; empty when it has not been asked yet. */
  Optional<Heard> of(RegionId region) {
    return Optional.ofNullable(regions.get(region));
  }
}
