package dev.ermine.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ermine.sandbox.DevPki;
import dev.ermine.testing.Officers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two officers at their desks: keys, hashes, signatures, and the look at who has signed. */
class SigningCommandsTest {

  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  @TempDir static Path shared;
  private static DevPki pki;

  @TempDir Path directory;
  private Path keys;
  private Path file;

  /** What a command left behind. */
  private record Ran(int exit, String out, String err) {}

  @BeforeAll
  static void makeCertificates() {
    pki = DevPki.in(shared);
  }

  @BeforeEach
  void writeFile() throws IOException {
    keys = Files.createDirectory(directory.resolve("officers"));
    file = directory.resolve("regions.yaml");
    Files.writeString(file, bound(Files.readString(Path.of("regions.yaml"))));
    for (String officer : List.of("alice", "bob")) {
      Ran ran = run("key", "--officer", officer, secret(officer));
      assertThat(ran.exit()).isZero();
      Files.writeString(keys.resolve(officer + ".jwk.json"), ran.out());
    }
  }

  @Test
  void makesAKeyThatNobodyElseCanRead() throws IOException {
    assertThat(Files.readString(keys.resolve("alice.jwk.json")))
        .contains("\"x\"")
        .doesNotContain("\"d\"");
    assertThat(Files.readString(Path.of(secret("alice")))).contains("\"d\"");
    assumeThat(Files.getFileStore(directory).supportsFileAttributeView("posix")).isTrue();
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(secret("alice")))))
        .isEqualTo("rw-------");
  }

  @Test
  void losesNoKey() {
    Ran again = run("key", "--officer", "alice", secret("alice"));
    assertThat(again.exit()).isEqualTo(3);
    assertThat(again.err()).contains("is there already");
    assertThat(again.out()).isEmpty();
  }

  @Test
  void printsTheHashesThatTheFileNeeds() throws IOException {
    Ran ran = run("files", file.toString(), "--certs", shared.toString());
    assertThat(ran.exit()).isZero();
    assertThat(Files.readString(file)).endsWith(ran.out());
    assertThat(ran.out()).startsWith("files:\n  ").contains("\n  london-ca.crt: ");
    JsonNode json =
        new ObjectMapper()
            .readTree(run("files", file.toString(), "--certs", shared.toString(), "--json").out());
    assertThat(json.at("/files/london-ca.crt").asText()).hasSize(64);
  }

  @Test
  void printsNoHashesOfAFaultyFile() throws IOException {
    Files.writeString(
        file, Files.readString(file).replace("purposes: [TREAT, ETREAT]", "purposes: [TREET]"));
    Ran ran = run("files", file.toString(), "--certs", shared.toString());
    assertThat(ran.exit()).isEqualTo(3);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).contains("no purpose of use");
  }

  @Test
  void twoOfficersSignAndEverybodySeesIt() throws IOException {
    Ran first = sign("alice");
    assertThat(first.exit()).isZero();
    assertThat(first.out()).contains("officer  alice", "serial   1", "hash     ");
    Ran lacking = verify();
    assertThat(lacking.exit()).isEqualTo(1);
    assertThat(lacking.out()).contains("signed by alice", "1 of 2 signatures: not enough");
    assertThat(sign("bob").exit()).isZero();
    assertThat(sign("alice").exit()).as("once more").isZero();
    assertThat(Files.readAllLines(directory.resolve("regions.yaml.jws"))).hasSize(2);
    Ran enough = verify();
    assertThat(enough.exit()).isZero();
    assertThat(enough.out())
        .contains("signed by alice", "signed by bob", "2 of 2 signatures: enough");
    assertThat(verify("--signatures", "3").exit()).isEqualTo(1);
    JsonNode json = new ObjectMapper().readTree(verify("--json").out());
    assertThat(json.path("signed-by")).hasSize(2);
    assertThat(json.path("enough").asBoolean()).isTrue();
    assertThat(json.path("hash").asText()).hasSize(64);
  }

  @Test
  void tellsWhoseSignatureIsNotGood() throws IOException {
    sign("alice");
    sign("bob");
    Files.writeString(file, Files.readString(file) + "# afterwards\n");
    Ran ran = verify();
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.out())
        .contains("line 1 is of `alice`, but not under this file", "line 2 is of `bob`", "0 of 2");
  }

  @Test
  void saysHowMuchChangesBeforeItIsSigned() throws IOException {
    Path old = Files.copy(file, directory.resolve("old.yaml"));
    String wider =
        Files.readString(file)
            .replaceFirst("purposes: \\[TREAT, ETREAT\\]", "purposes: [TREAT, ETREAT, POPHLTH]");
    Files.writeString(file, wider);
    Ran ran = sign("alice", "--against", old.toString());
    assertThat(ran.out()).contains("opens         1", "closes        0", "declarations  ");
    assertThat(sign("alice", "--against", "nowhere.yaml").exit()).isEqualTo(3);
  }

  @Test
  void signsNothingThatIsFaultyOrBindsNothing() throws IOException {
    Files.copy(Path.of("regions.yaml"), file, StandardCopyOption.REPLACE_EXISTING);
    Ran unbound = sign("alice");
    assertThat(unbound.exit()).isEqualTo(3);
    assertThat(unbound.err()).contains("files: is missing", "valid: is missing");
    Files.writeString(file, "version: 1\n");
    assertThat(sign("alice").exit()).isEqualTo(3);
    assertThat(directory.resolve("regions.yaml.jws")).doesNotExist();
  }

  @Test
  void refusesAPrivateKeyThatOthersCanRead() throws IOException {
    assumeThat(Files.getFileStore(directory).supportsFileAttributeView("posix")).isTrue();
    Files.setPosixFilePermissions(
        Path.of(secret("alice")), PosixFilePermissions.fromString("rw-r--r--"));
    Ran ran = sign("alice");
    assertThat(ran.exit()).isEqualTo(3);
    assertThat(ran.err()).contains("is open to every user of this machine");
    assertThat(directory.resolve("regions.yaml.jws")).doesNotExist();
  }

  @Test
  void refusesKeysThatAreNoneOrNotPrivate() throws IOException {
    Path nonsense = Path.of(secret("bob"));
    Files.writeString(nonsense, "{}");
    assertThat(signWith("alice", nonsense).err()).contains("is no JWK");
    Path shown = Path.of(secret("alice"));
    byte[] hidden = Files.readAllBytes(shown);
    Files.write(shown, Files.readAllBytes(keys.resolve("alice.jwk.json")));
    assertThat(signWith("alice", shown).err()).contains("holds no private key");
    Files.write(shown, hidden);
    assertThat(signWith("alice", nonsense).exit()).isEqualTo(3);
    Files.copy(Path.of(secret("alice")), keys.resolve("carol.jwk.json"));
    Ran leaked = verify();
    assertThat(leaked.exit()).isEqualTo(3);
    assertThat(leaked.err()).contains("carol.jwk.json` holds a private key");
  }

  @Test
  void countsNobodyTwiceUnderTwoNames() throws IOException {
    Files.copy(keys.resolve("alice.jwk.json"), keys.resolve("carol.jwk.json"));
    Ran ran = verify();
    assertThat(ran.exit()).isEqualTo(3);
    assertThat(ran.err()).contains("has the key of");
  }

  @Test
  void oneOfficerSignsASuspension() throws IOException {
    Path suspensions = directory.resolve("suspensions.yaml");
    Files.writeString(suspensions, "version: 1\nserial: 3\nsuspended: { london: Under review. }\n");
    List<String> over =
        List.of("--suspensions", "--regions", file.toString(), "--certs", shared.toString());
    Ran signed =
        run(
            words(
                over, "sign", "--officer", "bob", "--key", secret("bob"), suspensions.toString()));
    assertThat(signed.exit()).isZero();
    assertThat(signed.out()).contains("serial   3");
    Ran seen = run(words(over, "verify", suspensions.toString(), "--officers", keys.toString()));
    assertThat(seen.out()).contains("signed by bob", "1 of 1 signatures: enough");
    Files.writeString(suspensions, "version: 1\nserial: 4\nsuspended: { londn: Under review. }\n");
    Ran typo =
        run(
            words(
                over, "sign", "--officer", "bob", "--key", secret("bob"), suspensions.toString()));
    assertThat(typo.exit()).isEqualTo(3);
    assertThat(typo.err()).contains("suspended.londn: is no region of `regions.yaml`");
  }

  @ParameterizedTest
  @ValueSource(strings = {"key --help", "files --help", "sign --help", "verify --help"})
  void helpsOnStandardOutput(String line) {
    Ran ran = run(line.split(" "));
    assertThat(ran.exit()).isZero();
    assertThat(ran.out()).contains("Usage: ermine trust", "Exit: 0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "key out.json",
        "key --officer Alice out.json",
        "key --officer alice",
        "files",
        "sign --officer alice regions.yaml",
        "sign --officer a/b --key k.json regions.yaml",
        "verify regions.yaml",
        "verify regions.yaml --officers . --signatures two"
      })
  void saysHowItIsUsedAndExits2(String line) {
    Ran ran = run(line.split(" "));
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.err()).contains("Usage: ermine trust");
  }

  @Test
  void completesTheirNames() {
    assertThat(run("completion").out()).contains("sign", "verify", "--officers", "--against");
  }

  private Ran sign(String officer, String... more) {
    return run(
        words(
            List.of("--certs", shared.toString(), file.toString()),
            words(List.of(more), "sign", "--officer", officer, "--key", secret(officer))));
  }

  private Ran signWith(String officer, Path key) {
    return run(
        "sign",
        "--officer",
        officer,
        "--key",
        key.toString(),
        "--certs",
        shared.toString(),
        file.toString());
  }

  private Ran verify(String... more) {
    return run(
        words(
            List.of(more),
            "verify",
            file.toString(),
            "--officers",
            keys.toString(),
            "--certs",
            shared.toString()));
  }

  private String secret(String officer) {
    return directory.resolve(officer + ".private.json").toString();
  }

  private static String bound(String text) {
    return Officers.bound(text, pki.directory(), NOON.minusSeconds(60), NOON.plusSeconds(60));
  }

  private static String[] words(List<String> last, String... first) {
    List<String> words = new ArrayList<>(List.of(first));
    words.addAll(last);
    return words.toArray(String[]::new);
  }

  private static Ran run(String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringWriter err = new StringWriter();
    int exit = TrustCommand.run(InstantSource.fixed(NOON), out, new PrintWriter(err, true), words);
    return new Ran(exit, out.toString(StandardCharsets.UTF_8), err.toString());
  }
}
