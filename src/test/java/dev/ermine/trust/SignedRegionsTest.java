package dev.ermine.trust;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.region.Approval.Kind;
import dev.ermine.region.ChangeControl;
import dev.ermine.region.Edition.Overlay;
import dev.ermine.region.Fault;
import dev.ermine.region.LiveRegions;
import dev.ermine.region.LiveRegions.Opening;
import dev.ermine.region.LiveRegions.Refresh;
import dev.ermine.region.LiveRegions.TrustFiles;
import dev.ermine.region.Region;
import dev.ermine.region.SignableFile;
import dev.ermine.region.Stage;
import dev.ermine.sandbox.DevPki;
import dev.ermine.testing.Officers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of trust where two officers have to sign them, over the regions of the demo. */
class SignedRegionsTest {

  private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");
  private static final Instant END = START.plus(Duration.ofDays(300));

  @TempDir static Path keys;
  private static DevPki pki;
  private static Officers officers;
  private static String shipped;

  @TempDir Path directory;
  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private Path regions;
  private Path suspensions;
  private LiveRegions live;

  @BeforeAll
  static void makeKeys() throws IOException {
    pki = DevPki.in(keys.resolve("certs"));
    officers = new Officers(keys, "alice", "bob", "carol");
    shipped = Files.readString(Path.of("regions.yaml"));
  }

  @BeforeEach
  void start() {
    regions = directory.resolve("regions.yaml");
    suspensions = directory.resolve("suspensions.yaml");
    bring(version(10), "alice", "bob");
    live = opened(control());
  }

  @Test
  void twoOfficersBringAVersionIntoForce() {
    assertThat(live.current().edition().signedBy()).containsExactly("alice", "bob");
    bring(version(11), "bob", "carol");
    assertThat(live.refresh()).isEqualTo(Refresh.LOADED);
    assertThat(live.current().serial()).isEqualTo(11);
    assertThat(live.current().edition().signedBy()).containsExactly("bob", "carol");
    assertThat(live.lastFaults()).isEmpty();
  }

  @Test
  void oneOfficerDoesNot() {
    bring(version(11), "alice");
    assertThat(live.refresh()).isEqualTo(Refresh.FAULTY);
    assertThat(live.current().serial()).isEqualTo(10);
    assertThat(told())
        .containsExactly(
            "regions.yaml.jws: has good signatures of 1 of the 2 officers that have to sign; have"
                + " it signed with `./ermine trust sign`");
    assertThat(live.refresh()).as("it is told once").isEqualTo(Refresh.UNCHANGED);
  }

  /** Duplicated, reordered, another officer's, of another file, of the other kind, or spoilt. */
  @Test
  void whateverIsDoneToOneOfficersLines() throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    String text = version(11);
    List<String> lines =
        List.of(
            officers.line("alice", Kind.REGIONS, text.getBytes(UTF_8)),
            officers.line("alice", Kind.SUSPENSIONS, text.getBytes(UTF_8)),
            officers.line("bob", Kind.SUSPENSIONS, text.getBytes(UTF_8)),
            officers.line("bob", Kind.REGIONS, version(10).getBytes(UTF_8)),
            officers.line("bob", Kind.REGIONS, (text + "\n").getBytes(UTF_8)),
            "");
    Files.writeString(regions, text);
    for (int round = 0; round < 15; round++) {
      List<String> some = new ArrayList<>();
      for (int i = random.nextInt(8); i > 0; i--) {
        some.add(lines.get(random.nextInt(lines.size())));
      }
      Files.write(SignableFile.signaturesOf(regions), some);
      live.refresh();
      assertThat(live.current().serial()).as("seed %d, round %d", seed, round).isEqualTo(10);
    }
  }

  @Test
  void aSignatureThatDoesNotCountIsToldOfAFileThatIsGoodWithoutIt() throws IOException {
    bring(version(11), "alice", "bob");
    Files.writeString(
        SignableFile.signaturesOf(regions),
        "garbage\n" + Files.readString(SignableFile.signaturesOf(regions)));
    assertThat(live.refresh()).isEqualTo(Refresh.LOADED);
    assertThat(live.current().serial()).isEqualTo(11);
    assertThat(live.flaws())
        .extracting(Fault::toString)
        .singleElement()
        .asString()
        .startsWith("regions.yaml.jws:1: ");
  }

  @Test
  void neverGoesBack() {
    String other = version(10) + "# otherwise\n";
    bring(other, "alice", "bob");
    assertThat(live.refresh()).isEqualTo(Refresh.FAULTY);
    assertThat(told()).singleElement().asString().contains("serial: is `10`, and `10` is in force");
    bring(version(9), "alice", "bob");
    assertThat(live.refresh()).isEqualTo(Refresh.FAULTY);
    assertThat(told()).singleElement().asString().contains("serial: is `9`, and `10` is in force");
    assertThat(live.current().serial()).isEqualTo(10);
  }

  @Test
  void startsOnNothingBelowItsFloor() {
    ChangeControl floor = control(11, OptionalInt.empty());
    assertThat(refused(floor)).singleElement().asString().contains("below `11`", "least-serial");
    bring(version(11), "alice", "bob");
    assertThat(opened(floor).current().serial()).isEqualTo(11);
  }

  @Test
  void startsOnNothingUnsignedAndSaysWhatToDo() throws IOException {
    Files.delete(SignableFile.signaturesOf(regions));
    assertThat(refused(control()))
        .singleElement()
        .asString()
        .contains("0 of the 2 officers", "`./ermine trust sign`");
  }

  @Test
  void whatIsSignedHasAnEndAndBindsItsFiles() {
    bring(shipped.replace("serial: 1 ", "serial: 11 "), "alice", "bob");
    assertThat(live.refresh()).isEqualTo(Refresh.FAULTY);
    assertThat(told())
        .hasSize(2)
        .anyMatch(fault -> fault.startsWith("regions.yaml files: is missing"))
        .anyMatch(fault -> fault.startsWith("regions.yaml valid: is missing"));
  }

  @Test
  void aNamedFileSwappedAfterSigningIsAFault() throws IOException {
    Path london = pki.file("london.jwks.json");
    byte[] good = Files.readAllBytes(london);
    try {
      Files.copy(pki.file("wessex.jwks.json"), london, StandardCopyOption.REPLACE_EXISTING);
      assertThat(live.refresh()).isEqualTo(Refresh.FAULTY);
      assertThat(told())
          .anyMatch(fault -> fault.contains(" files.london.jwks.json: is not the SHA-256 of that"));
      assertThat(
              live.current()
                  .region("london")
                  .orElseThrow()
                  .asks()
                  .orElseThrow()
                  .keys()
                  .getFirst()
                  .jwks())
          .isEqualTo(new String(good, UTF_8));
      assertThat(refused(control())).isNotEmpty();
    } finally {
      Files.write(london, good);
    }
    assertThat(live.refresh()).isEqualTo(Refresh.LOADED);
  }

  @Test
  void aVersionThatHasEndedReleasesNothingUntilTheNext() {
    String hash = live.current().hash();
    assertThat(live.current().agreements()).isNotEmpty();
    now.set(END.minusSeconds(1));
    assertThat(live.current().agreements()).isNotEmpty();
    now.set(END);
    assertThat(live.current().agreements()).isEmpty();
    assertThat(live.current()).as("one version").isSameAs(live.current());
    assertThat(live.current().hash()).isEqualTo(hash);
    assertThat(live.refresh()).isEqualTo(Refresh.FAULTY);
    assertThat(told()).singleElement().asString().contains("valid: ended at `" + END + "`");
    assertThat(refused(control())).isEqualTo(told());
    bring(version(11, START, END.plusSeconds(60)), "alice", "bob");
    assertThat(live.refresh()).isEqualTo(Refresh.LOADED);
    assertThat(live.current().agreements()).isNotEmpty();
  }

  @Test
  void aVersionWaitsForItsTime() {
    bring(version(11, START.plusSeconds(60), END), "alice", "bob");
    assertThat(live.refresh()).isEqualTo(Refresh.FAULTY);
    assertThat(told()).singleElement().asString().contains("begins at", "it comes into force then");
    now.set(START.plusSeconds(59));
    assertThat(live.refresh()).isEqualTo(Refresh.UNCHANGED);
    now.set(START.plusSeconds(60));
    assertThat(live.refresh()).isEqualTo(Refresh.LOADED);
    assertThat(live.current().serial()).isEqualTo(11);
  }

  @Test
  @DisplayName("A55: a version that takes out more than 30 % of the regions has to say so")
  void aMassChangeHasToBeMeant() {
    String three = retired(shipped, "wessex", "london", "yorkshire-humber");
    bring(bound(three, 11), "alice", "bob");
    assertThat(live.refresh()).isEqualTo(Refresh.FAULTY);
    assertThat(told())
        .containsExactly(
            "regions.yaml regions: takes out 3 of 8 regions; needs `allow-mass-change: 11`, if it"
                + " is meant");
    assertThat(active()).isEqualTo(8);
    bring(bound(three + "\nallow-mass-change: 12\n", 12), "alice", "bob");
    assertThat(live.refresh()).isEqualTo(Refresh.LOADED);
    assertThat(active()).isEqualTo(5);
  }

  @Test
  @DisplayName("A55: so does one that leaves no region a key to ask with")
  void takingAllKeysHasToBeMeant() {
    String keyless = shipped.replace("use: active }]", "use: revoked }]");
    bring(bound(keyless, 11), "alice", "bob");
    assertThat(live.refresh()).isEqualTo(Refresh.FAULTY);
    assertThat(told())
        .singleElement()
        .asString()
        .contains("takes out 0 of 8 regions and leaves none that may ask");
    bring(bound(keyless + "\nallow-mass-change: 11\n", 12), "alice", "bob");
    live.refresh();
    assertThat(told())
        .singleElement()
        .asString()
        .contains("allow-mass-change: is for another version");
    assertThat(live.current().serial()).isEqualTo(10);
  }

  @Test
  void twoRegionsOfEightMayGoWithoutAWord() {
    bring(bound(retired(shipped, "wessex", "london"), 11), "alice", "bob");
    assertThat(live.refresh()).isEqualTo(Refresh.LOADED);
    assertThat(active()).isEqualTo(6);
  }

  @Test
  void oneOfficerSuspendsAtOnce() {
    String before = live.current().hash();
    suspend(1, List.of("london"), "carol");
    assertThat(live.refresh()).isEqualTo(Refresh.LOADED);
    Region london = live.current().region("london").orElseThrow();
    assertThat(london.status()).isEqualTo(Region.Status.SUSPENDED);
    assertThat(london.publicText()).contains("Under review.");
    assertThat(active()).isEqualTo(7);
    assertThat(live.current().serial()).isEqualTo(10);
    assertThat(live.current().hash()).isNotEqualTo(before).matches("[0-9a-f]{64}");
    assertThat(live.current().edition().suspensions()).contains(new Overlay(1, Set.of("carol")));
  }

  @Test
  void nobodySuspendsUnsigned() {
    suspend(1, List.of("london"));
    assertThat(live.refresh()).isEqualTo(Refresh.FAULTY);
    assertThat(told())
        .singleElement()
        .asString()
        .startsWith("suspensions.yaml.jws: has good signatures of 0 of the 1 ");
    assertThat(active()).isEqualTo(8);
    assertThat(refused(control())).as("a pod does not start without it").isEqualTo(told());
  }

  @Test
  void aSignatureUnderTheBaseFileSuspendsNobody() throws IOException {
    suspend(1, List.of("london"));
    Files.writeString(
        SignableFile.signaturesOf(suspensions),
        officers.line("alice", Kind.REGIONS, Files.readAllBytes(suspensions)) + "\n");
    assertThat(live.refresh()).isEqualTo(Refresh.FAULTY);
    assertThat(active()).isEqualTo(8);
  }

  @Test
  void oneOfficerSuspendsFewAndTwoSuspendMost() {
    suspend(1, List.of("london", "wessex", "hwe"), "alice");
    assertThat(live.refresh()).isEqualTo(Refresh.FAULTY);
    assertThat(active()).isEqualTo(8);
    suspend(1, List.of("london", "wessex", "hwe"), "alice", "carol");
    assertThat(live.refresh()).isEqualTo(Refresh.LOADED);
    assertThat(active()).isEqualTo(5);
  }

  @Test
  void twoOfficersLiftWhatOneHasSuspended() throws IOException {
    suspend(5, List.of("london", "wessex"), "alice");
    live.refresh();
    suspend(6, List.of("wessex"), "alice");
    assertThat(live.refresh()).as("one may not lift").isEqualTo(Refresh.FAULTY);
    assertThat(active()).isEqualTo(6);
    suspend(6, List.of("hwe"), "alice");
    live.refresh();
    assertThat(active()).as("nor suspend one for another").isEqualTo(6);
    Files.delete(suspensions);
    assertThat(live.refresh()).as("nor is it lifted with the file").isEqualTo(Refresh.FAULTY);
    assertThat(told())
        .singleElement()
        .asString()
        .contains("does not exist any more", "serial `5` stay");
    assertThat(active()).isEqualTo(6);
    suspend(4, List.of(), "alice", "bob");
    live.refresh();
    assertThat(active()).as("nor by an old one").isEqualTo(6);
    assertThat(told()).singleElement().asString().contains("is older than what is in force");
    suspend(6, List.of("wessex"), "alice", "bob");
    assertThat(live.refresh()).isEqualTo(Refresh.LOADED);
    assertThat(active()).isEqualTo(7);
    assertThat(live.lastFaults()).isEmpty();
  }

  @Test
  void moreIsSuspendedByOneOfficerAfterAnother() {
    suspend(1, List.of("london"), "alice");
    live.refresh();
    suspend(2, List.of("london", "wessex"), "bob");
    assertThat(live.refresh()).isEqualTo(Refresh.LOADED);
    assertThat(active()).isEqualTo(6);
    suspend(2, List.of("london", "wessex", "hwe"), "alice", "bob");
    live.refresh();
    assertThat(told())
        .singleElement()
        .asString()
        .contains("serial: is that of the suspensions in force");
  }

  @Test
  void aTypingErrorIsRefusedWholeAndTheLastGoodStay() {
    suspend(1, List.of("wessex"), "alice");
    live.refresh();
    suspend(2, List.of("wessex", "londn"), "alice");
    assertThat(live.refresh()).isEqualTo(Refresh.FAULTY);
    assertThat(told())
        .containsExactly("suspensions.yaml:5 suspended.londn: is no region of `regions.yaml`");
    assertThat(active()).isEqualTo(7);
  }

  @Test
  void suspensionsThatHaveToBeThereAreWaitedForAtStart() {
    ChangeControl floor = control(1, OptionalInt.of(7));
    assertThat(refused(floor)).singleElement().asString().contains("least-suspensions-serial");
    suspend(6, List.of("london"), "alice");
    assertThat(refused(floor)).singleElement().asString().contains("below `7`");
    suspend(7, List.of("london"), "alice");
    live = opened(floor);
    assertThat(active()).isEqualTo(7);
  }

  @Test
  void ofTheMountedAndTheOfferedTheHigherSerialIsInForce() {
    suspend(3, List.of("london"), "alice");
    live.refresh();
    String newer = overlay(4, List.of("london", "wessex"));
    byte[] signed = officers.line("bob", Kind.SUSPENSIONS, newer.getBytes(UTF_8)).getBytes(UTF_8);
    live.offer(newer.getBytes(UTF_8), signed);
    assertThat(live.refresh()).isEqualTo(Refresh.LOADED);
    assertThat(active()).isEqualTo(6);
    assertThat(live.lastFaults()).as("the mounted file will follow").isEmpty();
    live.offer(newer.replace("serial: 4", "serial: 5").getBytes(UTF_8), signed);
    assertThat(live.refresh()).isEqualTo(Refresh.FAULTY);
    assertThat(active()).isEqualTo(6);
    suspend(6, List.of("london", "wessex"), "carol");
    live.offer(newer.getBytes(UTF_8), signed);
    assertThat(live.refresh()).isEqualTo(Refresh.LOADED);
    assertThat(live.current().edition().suspensions()).contains(new Overlay(6, Set.of("carol")));
    live.offer(new byte[2 << 20], signed);
    assertThat(live.refresh()).isEqualTo(Refresh.FAULTY);
    assertThat(told()).singleElement().asString().contains("is larger than 1 MiB");
  }

  @Test
  void aRegionStaysInTheBaseWhileSuspensionsNameIt() {
    suspend(1, List.of("wessex"), "alice");
    live.refresh();
    bring(bound(without(shipped, "wessex"), 11), "alice", "bob");
    assertThat(live.refresh()).isEqualTo(Refresh.FAULTY);
    assertThat(told()).singleElement().asString().contains("regions.wessex: is taken out while");
    bring(bound(retired(shipped, "wessex"), 11), "alice", "bob");
    assertThat(live.refresh()).isEqualTo(Refresh.LOADED);
    suspend(2, List.of(), "alice");
    assertThat(live.refresh()).as("it lifts nothing").isEqualTo(Refresh.LOADED);
    bring(bound(without(shipped, "wessex"), 12), "alice", "bob");
    assertThat(live.refresh()).isEqualTo(Refresh.LOADED);
  }

  @Test
  void suspensionsOutliveTheNextBase() {
    suspend(1, List.of("london"), "alice");
    live.refresh();
    bring(version(11), "alice", "bob");
    assertThat(live.refresh()).isEqualTo(Refresh.LOADED);
    assertThat(live.current().serial()).isEqualTo(11);
    assertThat(active()).isEqualTo(7);
  }

  @Test
  void unsignedSuspensionsComeAndGoWhereNothingIsSigned() throws IOException {
    Files.delete(SignableFile.signaturesOf(regions));
    live = opened(ChangeControl.UNSIGNED);
    suspend(2, List.of("london", "wessex"));
    assertThat(live.refresh()).isEqualTo(Refresh.LOADED);
    assertThat(active()).isEqualTo(6);
    suspend(1, List.of("london"));
    assertThat(live.refresh()).isEqualTo(Refresh.LOADED);
    assertThat(active()).isEqualTo(7);
    Files.writeString(suspensions, "suspended: {");
    assertThat(live.refresh()).isEqualTo(Refresh.FAULTY);
    assertThat(active()).isEqualTo(7);
    Files.delete(suspensions);
    assertThat(live.refresh()).isEqualTo(Refresh.LOADED);
    assertThat(active()).isEqualTo(8);
  }

  private ChangeControl control() {
    return control(1, OptionalInt.empty());
  }

  private ChangeControl control(int leastSerial, OptionalInt leastSuspensions) {
    return new ChangeControl(
        2, leastSerial, leastSuspensions, new OfficerSignatures(officers.all(), now::get));
  }

  private Opening open(ChangeControl control) {
    TrustFiles files = new TrustFiles(regions, pki.directory(), suspensions);
    return LiveRegions.open(files, Stage.SANDBOX, control, now::get);
  }

  private LiveRegions opened(ChangeControl control) {
    return ((Opening.Opened) open(control)).live();
  }

  private List<String> refused(ChangeControl control) {
    return ((Opening.Refused) open(control)).faults().stream().map(Fault::toString).toList();
  }

  private List<String> told() {
    return live.lastFaults().orElse(List.of()).stream().map(Fault::toString).toList();
  }

  private long active() {
    return live.current().regions().stream().filter(Region::active).count();
  }

  private void bring(String text, String... ids) {
    officers.sign(Kind.REGIONS, regions, text, ids);
  }

  private void suspend(int serial, List<String> ids, String... signers) {
    officers.sign(Kind.SUSPENSIONS, suspensions, overlay(serial, ids), signers);
  }

  private static String overlay(int serial, List<String> ids) {
    return "version: 1\nserial: "
        + serial
        + "\n"
        + (ids.isEmpty()
            ? "suspended: {}\n"
            : ids.stream()
                .map(id -> "  " + id + ": Under review.\n")
                .collect(Collectors.joining("", "suspended:\n", "")));
  }

  private static String version(int serial) {
    return version(serial, START.minusSeconds(60), END);
  }

  private static String version(int serial, Instant from, Instant until) {
    return Officers.bound(
        shipped.replace("serial: 1 ", "serial: " + serial + " "), pki.directory(), from, until);
  }

  private static String bound(String text, int serial) {
    return Officers.bound(
        text.replace("serial: 1 ", "serial: " + serial + " "),
        pki.directory(),
        START.minusSeconds(60),
        END);
  }

  /** With those regions retired, which takes them out as well as deleting them does. */
  private static String retired(String text, String... ids) {
    String less = text;
    for (String id : ids) {
      int status = less.indexOf("status: active", less.indexOf("\n  " + id + ":\n"));
      less = less.substring(0, status) + less.substring(status).replaceFirst("active", "retired");
    }
    return less;
  }

  private static String without(String text, String id) {
    return Stream.of(text.split("\n\n"))
        .filter(paragraph -> !paragraph.startsWith("  " + id + ":"))
        .filter(paragraph -> !paragraph.contains("releases: " + id))
        .filter(paragraph -> !paragraph.contains("to: [" + id + "]"))
        .collect(Collectors.joining("\n\n"));
  }
}
