package dev.ermine.region;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The regions in force while the gateway runs. A changed file replaces them whole; a faulty one
 * leaves the last good ones in force. Whoever decides on trust looks at {@link #current()} each
 * time.
 */
public final class LiveRegions {

  /** What a look at the files found. */
  public enum Refresh {
    /** Nothing new since the last look, be it good or faulty; or files still being written. */
    UNCHANGED,
    /** A good version, now in force. */
    LOADED,
    /** A faulty version; what was in force stays so. */
    FAULTY
  }

  private record State(
      Regions inForce, Instant since, Instant lastSuccess, Optional<List<Fault>> faults) {}

  private final Path regionsYaml;
  private final Path certs;
  private final Stage stage;
  private final InstantSource clock;
  private volatile State state;
  private @Nullable Sources seen;

  /**
   * @param first what a {@link RegionsFile#read} of the same files gave at start
   */
  public LiveRegions(
      Path regionsYaml, Path certs, Stage stage, Regions first, InstantSource clock) {
    this.regionsYaml = regionsYaml;
    this.certs = certs;
    this.stage = stage;
    this.clock = clock;
    Instant now = clock.instant();
    this.state = new State(first, now, now, Optional.empty());
  }

  /** The version in force now. */
  public Regions current() {
    return state.inForce();
  }

  /** Since when that version is in force here. */
  public Instant since() {
    return state.since();
  }

  /** When the files were last found good. */
  public Instant lastSuccess() {
    return state.lastSuccess();
  }

  /** Why the files as they are now are not in force; empty if they are. */
  public Optional<List<Fault>> lastFaults() {
    return state.faults();
  }

  /**
   * Looks whether the file or any that it names has other content than when last looked at, and
   * reads them all if so. Times of files do not matter, so a swapped symbolic link is seen.
   */
  public synchronized Refresh refresh() {
    if (seen != null && !seen.changed()) {
      return succeedAgain();
    }
    Sources sources = new Sources(regionsYaml, certs);
    Reading reading = RegionsFile.read(sources, stage);
    if (sources.changed()) {
      return Refresh.UNCHANGED;
    }
    seen = sources;
    return switch (reading) {
      case Reading.Loaded(Regions regions) -> load(regions);
      case Reading.Faulty(List<Fault> faults) -> {
        state = new State(state.inForce(), state.since(), state.lastSuccess(), Optional.of(faults));
        yield Refresh.FAULTY;
      }
    };
  }

  private Refresh load(Regions regions) {
    boolean isInForce = regions.hash().equals(state.inForce().hash());
    if (isInForce && state.faults().isEmpty()) {
      return succeedAgain();
    }
    Instant now = clock.instant();
    state = new State(regions, isInForce ? state.since() : now, now, Optional.empty());
    return Refresh.LOADED;
  }

  private Refresh succeedAgain() {
    if (state.faults().isEmpty()) {
      state = new State(state.inForce(), state.since(), clock.instant(), Optional.empty());
    }
    return Refresh.UNCHANGED;
  }
}
