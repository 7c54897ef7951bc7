package dev.ermine.region;

import dev.ermine.region.Sources.Content;
import dev.ermine.region.Sources.Signed;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The regions in force while the gateway runs. A changed file replaces them whole; a faulty one, or
 * one that lacks the officers' signatures, leaves the last good ones in force. Whoever decides on
 * trust looks at {@link #current()} each time.
 *
 * <p>A version whose time has ended stays known and releases nothing: no agreement of it is in
 * force. That nobody sees what they may not comes before all else, and terms that officers have let
 * end are terms no longer; but it is told for two weeks ahead, and every refusal says why.
 */
public final class LiveRegions {

  /** What a look at the files found. */
  public enum Refresh {
    /** Nothing new since the last look, be it good or faulty; or files still being written. */
    UNCHANGED,
    /** A good version, now in force; of another file there may be faults. */
    LOADED,
    /** A faulty version; what was in force stays so. */
    FAULTY
  }

  /**
   * Where the officers' files are; signatures are beside each, under its name and {@code .jws}.
   *
   * @param certs the directory of the files that {@code regionsYaml} names
   * @param suspensions need not exist
   */
  public record TrustFiles(Path regionsYaml, Path certs, Path suspensions) {}

  /** What came of the first look. */
  public sealed interface Opening {

    /** Something to go by. */
    record Opened(LiveRegions live) implements Opening {}

    /** Nothing, and why. */
    record Refused(List<Fault> faults) implements Opening {
      public Refused {
        faults = List.copyOf(faults);
      }
    }
  }

  private record State(
      InForce inForce,
      Regions lapsed,
      Instant since,
      Instant lastSuccess,
      List<Fault> faults,
      List<Fault> flaws) {}

  /** The files as one look found them. */
  private record Look(Sources sources, Reading reading, List<Signed> suspensions) {}

  private final TrustFiles files;
  private final Stage stage;
  private final ChangeControl control;
  private final InstantSource clock;
  private volatile State state;
  private volatile @Nullable Signed offered;
  private @Nullable Look seen;

  private LiveRegions(
      TrustFiles files, Stage stage, ChangeControl control, InstantSource clock, State first) {
    this.files = files;
    this.stage = stage;
    this.control = control;
    this.clock = clock;
    this.state = first;
  }

  /** The first look, at start: all files have to be good, for nothing is in force yet. */
  public static Opening open(
      TrustFiles files, Stage stage, ChangeControl control, InstantSource clock) {
    Sources sources = new Sources(files.regionsYaml(), files.certs());
    Reading reading = RegionsFile.read(sources, stage);
    Instant now = clock.instant();
    Succession.Step step =
        Succession.from(
            Optional.empty(),
            sources.signed(),
            reading,
            List.of(Signed.read(files.suspensions())),
            control,
            now);
    if (step.inForce().isEmpty() || !step.faults().isEmpty()) {
      return new Opening.Refused(step.faults());
    }
    InForce first = step.inForce().get();
    State state = new State(first, first.effective().lapsed(), now, now, List.of(), step.flaws());
    return new Opening.Opened(new LiveRegions(files, stage, control, clock, state));
  }

  /** The version in force now. */
  public Regions current() {
    State now = state;
    Regions effective = now.inForce().effective();
    return effective.edition().hasEnded(clock.instant()) ? now.lapsed() : effective;
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
    List<Fault> faults = state.faults();
    return faults.isEmpty() ? Optional.empty() : Optional.of(faults);
  }

  /** The signatures that do not count, under files that are in force without them. */
  public List<Fault> flaws() {
    return state.flaws();
  }

  /**
   * Brings suspensions by another way than the mounted file. At the next look they are judged as if
   * they lay in that file; the highest serial that may come into force does.
   *
   * @param signatures one a line; none where none are demanded
   */
  public void offer(byte[] suspensions, byte[] signatures) {
    offered = new Signed(content(suspensions), content(signatures));
  }

  private static Content content(byte[] bytes) {
    return bytes.length > Sources.LIMIT
        ? new Content.Unreadable("is larger than 1 MiB")
        : new Content.Read(new String(bytes, StandardCharsets.ISO_8859_1));
  }

  /**
   * Looks whether the file or any that it names has other content than when last looked at, and
   * reads them all if so. Times of files do not matter, so a swapped symbolic link is seen. What is
   * there is judged at each look, for time alone can end a version, or an officer's word, or begin
   * one.
   */
  public synchronized Refresh refresh() {
    Look look = look();
    if (look == null) {
      return Refresh.UNCHANGED;
    }
    seen = look;
    return comeIntoForce(
        Succession.from(
            Optional.of(state.inForce()),
            look.sources().signed(),
            look.reading(),
            look.suspensions(),
            control,
            clock.instant()));
  }

  /** The files as they are now; null while they are being written. */
  private @Nullable Look look() {
    Signed mounted = Signed.read(files.suspensions());
    Look last = seen;
    if (last != null && !last.sources().changed()) {
      return standing(new Look(last.sources(), last.reading(), all(mounted)), mounted);
    }
    Sources sources = new Sources(files.regionsYaml(), files.certs());
    Look look = new Look(sources, RegionsFile.read(sources, stage), all(mounted));
    return sources.changed() ? null : standing(look, mounted);
  }

  private @Nullable Look standing(Look look, Signed mounted) {
    return mounted.equals(Signed.read(files.suspensions())) ? look : null;
  }

  private List<Signed> all(Signed mounted) {
    Signed other = offered;
    return other == null ? List.of(mounted) : List.of(mounted, other);
  }

  private Refresh comeIntoForce(Succession.Step step) {
    State before = state;
    InForce found = step.inForce().orElse(before.inForce());
    Edition next = found.effective().edition();
    boolean isInForce = next.equals(before.inForce().effective().edition());
    boolean sameFaults = step.faults().equals(before.faults());
    Instant now = clock.instant();
    InForce after = isInForce ? before.inForce() : found;
    state =
        new State(
            after,
            isInForce ? before.lapsed() : after.effective().lapsed(),
            next.hash().equals(before.inForce().effective().hash()) ? before.since() : now,
            step.faults().isEmpty() ? now : before.lastSuccess(),
            step.faults(),
            step.flaws());
    if (isInForce && sameFaults) {
      return Refresh.UNCHANGED;
    }
    return isInForce && !step.faults().isEmpty() ? Refresh.FAULTY : Refresh.LOADED;
  }
}
