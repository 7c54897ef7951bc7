package dev.ermine.trust;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import dev.ermine.region.Approval.Flaw;
import dev.ermine.region.Approval.Kind;
import dev.ermine.region.Approval.Signers;
import dev.ermine.testing.Officers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose word a file is, whatever is done to the lines of its signatures. */
class OfficerSignaturesTest {

  private static final byte[] FILE = "serial: 42\n".getBytes(UTF_8);
  private static final byte[] OTHER = "serial: 43\n".getBytes(UTF_8);
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  @TempDir static Path directory;
  private static Officers officers;

  @BeforeAll
  static void makeKeys() {
    officers = new Officers(directory, "alice", "bob", "mallory");
  }

  @Test
  void countsEachOfficerWhoHasSigned() {
    Signers signers = signers(alice(), bob());

    assertThat(signers.officers()).containsExactlyInAnyOrder("alice", "bob");
    assertThat(signers.flaws()).isEmpty();
  }

  @Test
  void countsAnOfficerOnceHoweverManyLinesThereAre() {
    assertThat(signers(alice(), alice(), alice()).officers()).containsExactly("alice");
  }

  @Test
  void tellsASignatureThatIsNotGoodAndLetsTheOthersStand() {
    Signers signers = signers("nonsense", officers.line("alice", Kind.REGIONS, OTHER), bob());

    assertThat(signers.officers()).containsExactly("bob");
    assertThat(signers.flaws()).extracting(Flaw::line).containsExactly(1, 2);
    assertThat(signers.flaws().getFirst().message()).contains("`header..signature`");
    assertThat(signers.flaws().getLast().message()).startsWith("is of `alice`, but not under this");
  }

  @Test
  void aSignatureForTheOneKindOfFileServesNotTheOther() {
    String line = officers.line("alice", Kind.SUSPENSIONS, FILE);

    assertThat(signers(line).officers()).isEmpty();
    assertThat(signers(line).flaws().getFirst().message()).contains("another kind of file");
    assertThat(judge().signers(Kind.SUSPENSIONS, FILE, bytes(line)).officers())
        .containsExactly("alice");
  }

  @Test
  void nobodySignsInAnothersName() {
    String hers = officers.line("mallory", Kind.REGIONS, FILE);
    String header = "{\"alg\":\"ES256\",\"kid\":\"alice\",\"typ\":\"vnd.ermine.regions\"}";
    String swapped = Base64URL.encode(header) + hers.substring(hers.indexOf('.'));

    assertThat(signers(swapped).officers()).isEmpty();
  }

  @Test
  void whoIsNoOfficerIsNotCounted() {
    OfficerSignatures without =
        new OfficerSignatures(List.of(officers.officer("alice")), () -> NOON);
    Signers signers = without.signers(Kind.REGIONS, FILE, bytes(alice() + "\n" + bob()));

    assertThat(signers.officers()).containsExactly("alice");
    assertThat(signers.flaws().getFirst().message()).contains("`bob`, who is no officer here");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"alg\":\"ES256\",\"kid\":\"alice\"}",
        "{\"alg\":\"ES256\",\"kid\":\"alice\",\"typ\":\"vnd.ermine.regions\",\"crit\":[]}",
        "{\"alg\":\"ES256\",\"kid\":\"alice\",\"typ\":\"vnd.ermine.regions\",\"b64\":false}",
        "{\"alg\":\"ES256\",\"kid\":\"alice\",\"typ\":\"vnd.ermine.regions\",\"jwk\":\"x\"}",
        "{\"alg\":\"ES256\",\"alg\":\"ES256\",\"kid\":\"alice\",\"typ\":\"vnd.ermine.regions\"}",
        "{\"alg\":\"none\",\"kid\":\"alice\",\"typ\":\"vnd.ermine.regions\"}",
        "{\"alg\":\"HS256\",\"kid\":\"alice\",\"typ\":\"vnd.ermine.regions\"}",
        "{\"alg\":\"ES384\",\"kid\":\"alice\",\"typ\":\"vnd.ermine.regions\"}",
        "{\"alg\":[\"ES256\"],\"kid\":\"alice\",\"typ\":\"vnd.ermine.regions\"}",
        "{\"alg\":\"ES256\",\"kid\":\"alice\",\"typ\":\"JWT\"}"
      })
  void refusesEveryOtherHeaderWhateverItsSignature(String header) throws Exception {
    JWK key = JWK.parse(Files.readString(officers.privateKey("alice")));
    String encoded = Base64URL.encode(header).toString();
    byte[] signed = (encoded + '.' + Base64URL.encode(FILE)).getBytes(UTF_8);
    String line = encoded + ".." + OfficerKey.of(key).orElseThrow().sign(signed);

    assertThat(signers(line).officers()).isEmpty();
    assertThat(signers(line).flaws()).hasSize(1);
  }

  @Test
  void aLineCanBeWrittenInOneWayOnly() {
    String line = alice();
    char last = line.charAt(line.length() - 1);
    List<String> others =
        List.of(
            line + "=",
            line + " ",
            " " + line,
            line.substring(0, line.length() - 1) + (char) (last + 1),
            line.replace("..", "." + Base64URL.encode(FILE) + "."),
            line.replace("..", "."),
            line + ".",
            line.replace('-', '+').replace('_', '/') + "+",
            "x".repeat(3000));

    assertThat(others).allSatisfy(other -> assertThat(signers(other).officers()).isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-22,,,true",
    "2026-11-23,,,false",
    ",2026-11-22,,true",
    ",2026-11-21,,false",
    ",,2026-11-23,true",
    ",,2026-11-22,false",
    ",,2020-01-01,false"
  })
  void countsAKeyWithinItsDaysAndUntilItIsRevoked(
      LocalDate from, LocalDate until, LocalDate revoked, boolean counts) {
    Signatory alice =
        new Signatory(
            "alice",
            officers.officer("alice").key(),
            new Tenure(
                Optional.ofNullable(from),
                Optional.ofNullable(until),
                Optional.ofNullable(revoked)));
    Signers signers =
        new OfficerSignatures(List.of(alice), () -> NOON)
            .signers(Kind.REGIONS, FILE, bytes(alice()));

    assertThat(signers.officers().contains("alice")).isEqualTo(counts);
    assertThat(signers.flaws().isEmpty()).isEqualTo(counts);
  }

  @Test
  void knowsTwoOfficersWithOneKey() throws IOException {
    Path copy = directory.resolve("carol.jwk.json");
    Files.writeString(
        copy, Files.readString(officers.publicKey("alice")).replace("\"alice\"", "\"carol\""));
    Signatory carol = new Signatory("carol", OfficerKey.readPublic(copy), Tenure.ALWAYS);

    assertThat(OfficerSignatures.sharing(List.of(officers.officer("alice"), carol)))
        .containsOnlyKeys("carol")
        .containsEntry("carol", "alice");
    assertThat(OfficerSignatures.sharing(officers.all())).isEmpty();
  }

  /** Whatever is done to the lines that one officer has signed, they are one officer's word. */
  @Test
  void oneOfficersLinesNeverCountForTwo() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<String> hers =
        List.of(
            alice(),
            officers.line("alice", Kind.REGIONS, OTHER),
            officers.line("alice", Kind.SUSPENSIONS, FILE),
            officers.line("bob", Kind.REGIONS, OTHER),
            officers.line("bob", Kind.SUSPENSIONS, FILE));
    for (int round = 0; round < 300; round++) {
      List<String> lines = new ArrayList<>();
      for (int i = random.nextInt(1, 8); i > 0; i--) {
        lines.add(spoilt(hers, random));
      }
      Collections.shuffle(lines, random);
      assertThat(signers(lines.toArray(String[]::new)).officers())
          .as("seed %d, round %d", seed, round)
          .isSubsetOf("alice");
    }
  }

  /** A line, or one made of parts of two, or with another header or a changed character. */
  private static String spoilt(List<String> lines, Random random) {
    String line = lines.get(random.nextInt(lines.size()));
    String other = lines.get(random.nextInt(lines.size()));
    return switch (random.nextInt(4)) {
      case 0 -> line;
      case 1 -> line.substring(0, line.indexOf('.')) + other.substring(other.indexOf('.'));
      case 2 ->
          Base64URL.encode("{\"alg\":\"ES256\",\"kid\":\"bob\",\"typ\":\"vnd.ermine.regions\"}")
              + line.substring(line.indexOf('.'));
      default -> {
        int at = random.nextInt(line.length());
        yield line.substring(0, at) + (char) random.nextInt(32, 127) + line.substring(at + 1);
      }
    };
  }

  @Test
  void signsWithEveryKindOfKeyThatIsAllowed() throws Exception {
    for (JWK key :
        List.of(
            new ECKeyGenerator(Curve.P_256).generate(),
            new ECKeyGenerator(Curve.P_384).generate(),
            new RSAKeyGenerator(2048).generate())) {
      Path file = Files.writeString(directory.resolve("dave.json"), key.toJSONString());
      Path shown =
          Files.writeString(directory.resolve("dave.pub"), key.toPublicJWK().toJSONString());
      String line = OfficerSigner.read("dave", file).sign(Kind.REGIONS, FILE);
      Signatory dave = new Signatory("dave", OfficerKey.readPublic(shown), Tenure.ALWAYS);

      assertThat(
              new OfficerSignatures(List.of(dave), () -> NOON)
                  .signers(Kind.REGIONS, FILE, bytes(line))
                  .officers())
          .containsExactly("dave");
    }
  }

  @Test
  void refusesKeyFilesThatAreNoPublicKeysAndQuotesNothing() throws Exception {
    String secret = Files.readString(officers.privateKey("alice"));
    String d = JWK.parse(secret).toECKey().getD().toString();
    Path weak =
        Files.writeString(
            directory.resolve("weak.json"),
            new RSAKeyGenerator(1024, true).generate().toPublicJWK().toJSONString());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> OfficerKey.readPublic(officers.privateKey("alice")))
        .withMessageContaining("holds a private key")
        .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain(d));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OfficerKey.readPublic(weak))
        .withMessageContaining("not EC P-256");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OfficerKey.readPublic(directory.resolve("none")))
        .withMessageContaining("cannot be read");
    assertThat(OfficerSigner.pair("erin").toString()).isEqualTo("Pair");
  }

  private static String alice() {
    return officers.line("alice", Kind.REGIONS, FILE);
  }

  private static String bob() {
    return officers.line("bob", Kind.REGIONS, FILE);
  }

  private static OfficerSignatures judge() {
    return new OfficerSignatures(officers.all(), () -> NOON);
  }

  private static Signers signers(String... lines) {
    return judge().signers(Kind.REGIONS, FILE, bytes(String.join("\n", lines)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
