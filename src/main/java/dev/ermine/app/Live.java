package dev.ermine.app;

import dev.ermine.region.LiveRegions.Refresh;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * What files of the gateway's own hold while it runs. Changed files replace it whole, once they are
 * good; until then what was good last stays in force. What was before may come back: so does an
 * operator undo a change.
 */
abstract sealed class Live<T> permits LivePair, LiveKeys, LivePageKeys, LiveOptOuts {

  /** Files that belong together. */
  interface Files<T> {

    /** Another one when any of the files has changed, wherever a link leads. */
    String fingerprint();

    /** What they hold, for use at {@code now}. */
    Reading<T> read(Instant now);
  }

  /** What is in files. */
  sealed interface Reading<T> {

    /** What may be used. */
    record Good<T>(T value) implements Reading<T> {}

    /** Why nothing may: each fault by its property, with what to do next. */
    record Refused<T>(List<String> faults) implements Reading<T> {}
  }

  private record State<T>(T inForce, Instant lastSuccess, Optional<List<String>> refused) {}

  private final Files<T> files;
  private final InstantSource clock;
  private volatile State<T> state;
  private String seen = "";
  private String good = "";
  private String faulty = "";

  /**
   * @param first what a reading of the same files gave at start
   */
  Live(Files<T> files, T first, InstantSource clock) {
    this.files = files;
    this.clock = clock;
    this.state = new State<>(first, clock.instant(), Optional.empty());
  }

  /** What is in force now. */
  final T current() {
    return state.inForce();
  }

  /** When the files were last found good. */
  final Instant lastSuccess() {
    return state.lastSuccess();
  }

  /** Why the files as they are now are not in force; empty if they are. */
  final Optional<List<String>> refused() {
    return state.refused();
  }

  /**
   * Looks whether the files have other content than when last looked at. A change counts once two
   * looks in a row have found the same, so files are never judged while only one is written. Faulty
   * ones are judged anew at each look: a certificate that is not yet valid will be.
   */
  final synchronized Refresh refresh() {
    String now = files.fingerprint();
    boolean settled = now.equals(seen);
    seen = now;
    if (!settled) {
      return Refresh.UNCHANGED;
    }
    if (now.equals(good)) {
      return succeed(current());
    }
    Reading<T> reading = files.read(clock.instant());
    if (!now.equals(files.fingerprint())) {
      return Refresh.UNCHANGED;
    }
    return switch (reading) {
      case Reading.Good<T>(T value) -> {
        good = now;
        yield succeed(value);
      }
      case Reading.Refused<T>(List<String> faults) -> refuse(now, faults);
    };
  }

  private Refresh succeed(T value) {
    boolean isNews = refused().isPresent() || !value.equals(current());
    state = new State<>(value, clock.instant(), Optional.empty());
    return isNews ? Refresh.LOADED : Refresh.UNCHANGED;
  }

  /** It is news once: not again while files and faults stay the same. */
  private Refresh refuse(String now, List<String> faults) {
    Optional<List<String>> told = Optional.of(faults);
    boolean isNews = !now.equals(faulty) || !told.equals(refused());
    faulty = now;
    state = new State<>(current(), lastSuccess(), told);
    return isNews ? Refresh.FAULTY : Refresh.UNCHANGED;
  }
}
