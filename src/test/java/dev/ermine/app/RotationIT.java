package dev.ermine.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.SignedJWT;
import dev.ermine.sandbox.DevPki;
import dev.ermine.testing.Answer;
import dev.ermine.testing.Asker;
import dev.ermine.testing.EvilPeer;
import dev.ermine.testing.EvilPeer.Request;
import dev.ermine.testing.GatewayProcess;
import dev.ermine.trust.GatewayIdentity;
import dev.ermine.trust.ShownIdentity;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Signing keys that change under the running gateway while it is asked without a pause: a region's
 * in {@code regions.yaml}, and the gateway's own, in a directory that is mounted as Kubernetes
 * mounts a Secret. The region asked reads the gateway's published keys each second, and refuses
 * what is signed with another.
 */
class RotationIT {

  private static final Duration SOON = Duration.ofSeconds(15);
  private static final String NUMBER = "9000000009";
  private static final List<String> FILES = List.of("active", "next", "retiring", "revoked");
  private static final ECKey OLD = ec("development-old");
  private static final ECKey SUCCESSOR = ec("development-successor");

  @TempDir static Path directory;
  private static final Set<String> SHOWN = ConcurrentHashMap.newKeySet();
  private static final AtomicInteger GRANTED = new AtomicInteger();
  private static DevPki pki;
  private static Path mount;
  private static int mounted;
  private static EvilPeer south;
  private static EvilPeer north;
  private static GatewayProcess gateway;
  private static Published published;
  private static String regions;

  @BeforeAll
  static void start() throws Exception {
    pki = DevPki.in(directory.resolve("certs"));
    mount = Files.createDirectory(pki.file("live"));
    mount(Map.of("active", OLD, "revoked", ec("development-lost").toPublicJWK()));
    for (String name : FILES) {
      Files.createSymbolicLink(mount.resolve(name), Path.of("..data", name));
    }
    south = new EvilPeer(server("south"), RotationIT::south);
    north = new EvilPeer(server("north"), RotationIT::north);
    regions = regions();
    gateway =
        GatewayProcess.start(
            pki,
            regions,
            directory,
            Map.of(
                "ermine.signing-key", "live/active",
                "ermine.signing-key-next", "live/next",
                "ermine.signing-key-retiring", "live/retiring",
                "ermine.signing-key-revoked", "live/revoked"));
    published = new Published(gateway.base());
    ask(gateway.asker("hwe"));
  }

  @AfterAll
  static void stop() throws IOException {
    if (gateway != null) {
      gateway.close();
    }
    south.close();
    north.close();
  }

  @Test
  void refusesNoRequestWhileItsOwnSigningKeyIsReplaced() throws Exception {
    try (Traffic traffic = new Traffic()) {
      await(() -> SHOWN.contains(OLD.getKeyID()), "the old key signs");
      mount(Map.of("active", OLD, "next", SUCCESSOR));
      await(() -> published.ids().contains(SUCCESSOR.getKeyID()), "the next key is published");
      Thread.sleep(1500); // whoever reads them each second has read it
      assertThat(SHOWN).doesNotContain(SUCCESSOR.getKeyID());
      mount(Map.of("active", SUCCESSOR, "retiring", OLD.toPublicJWK()));
      await(() -> SHOWN.contains(SUCCESSOR.getKeyID()), "the successor signs");
      assertThat(published.ids()).containsExactly(SUCCESSOR.getKeyID(), OLD.getKeyID());
      traffic.goOn();
    }
    assertThat(gateway.told("/q/health/ready"))
        .contains("\"gateway " + SUCCESSOR.getKeyID() + "\": \"active, last used 20")
        .contains("\"gateway " + OLD.getKeyID() + "\": \"retiring, last used 20")
        .contains("\"gateway development-lost\": \"revoked, not used since the start\"");
    assertThat(gateway.told("/q/metrics"))
        .containsPattern(
            "ermine_key_last_used_seconds\\{kid=\""
                + SUCCESSOR.getKeyID()
                + "\",owner=\"gateway\"} 1")
        .contains("ermine_signing_keys_refused 0.0")
        .containsPattern("ermine_signing_keys_last_success_seconds 1\\.");
    assertThat(told("the gateway's own signing keys are in force", SUCCESSOR.getKeyID()))
        .isPositive();
    refusesAFaultyKeyAndSaysSo();
  }

  private static void refusesAFaultyKeyAndSaysSo() throws Exception {
    List<String> before = published.ids();
    mount(Map.of("active", SUCCESSOR, "retiring", SUCCESSOR));
    await(
        () -> told("signing keys of the gateway's own are refused, and the last good") == 1,
        "it is told");
    await(() -> told("signing keys have a fault", "leave it in one") == 1, "why is told");
    assertThat(gateway.told("/q/metrics")).contains("ermine_signing_keys_refused 1.0");
    assertThat(gateway.told("/q/health/ready")).contains("signing keys refused");
    assertThat(published.ids()).isEqualTo(before);
  }

  @Test
  void refusesNoRequestWhileTheKeyOfARegionIsReplaced() throws Exception {
    ECKey key = ec("development-hwe-2");
    String file = "hwe-2.jwks.json";
    Files.writeString(pki.file(file), new JWKSet(key.toPublicJWK()).toString());
    String old = "keys: [{ jwks: hwe.jwks.json, use: active }]";
    String both =
        "keys: [{ jwks: hwe.jwks.json, use: retiring }, { jwks: " + file + ", use: active }]";
    String successor = "keys: [{ jwks: " + file + ", use: active }]";
    try (Traffic traffic = new Traffic()) {
      write(regions.replace(old, both).replace("serial: 1", "serial: 2"));
      awaitSerial(2);
      traffic.goOn();
      replace(pki.file("hwe-signing.jwks.json"), new JWKSet(key).toString(false));
      traffic.goOn();
      write(regions.replace(old, successor).replace("serial: 1", "serial: 3"));
      awaitSerial(3);
      traffic.goOn();
    }
    assertThat(gateway.told("/q/metrics"))
        .contains("kid=\"development-hwe-2\",owner=\"hwe\"")
        .doesNotContain("kid=\"" + pki.publicKeys("hwe").getKeys().getFirst().getKeyID() + "\"");
  }

  @Test
  void hearsARegionWhoseKeysAreAtItsAddress() throws Exception {
    ask(gateway.asker("wessex"));
    await(
        () ->
            gateway
                .told("/q/metrics")
                .contains("ermine_published_keys_age_seconds{region=\"wessex\"}"),
        "its age is shown");
    assertThat(gateway.told("/q/metrics"))
        .contains("ermine_published_keys_failures{region=\"wessex\"} ");
  }

  @Test
  void asksARegionWithATokenOfItsOwnEndpoint() {
    int before = GRANTED.get();
    ask(gateway.asker("hwe").about(NUMBER));
    ask(gateway.asker("hwe").about(NUMBER));
    assertThat(GRANTED.get() - before).as("shared by context").isLessThanOrEqualTo(1);
    assertThat(GRANTED).hasPositiveValue();
  }

  /** An asker who never stops, and what it was told each time. */
  private static final class Traffic implements AutoCloseable {
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicInteger asked = new AtomicInteger();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final Asker doctor = gateway.asker("hwe");
    private final Thread thread = Thread.ofVirtual().start(this::run);

    private void run() {
      while (!ended.get()) {
        Answer answer = Answer.of(doctor.search("Condition", NUMBER));
        if (answer.status() != 200 || !isAnswered(answer)) {
          faults.add(answer.status() + " " + answer.statuses());
        }
        asked.incrementAndGet();
        // Within the rate that a region allows.
        LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
      }
    }

    /** Until it has been answered some more. */
    void goOn() throws Exception {
      int enough = asked.get() + 5;
      await(() -> asked.get() >= enough, "it goes on");
    }

    @Override
    public void close() {
      ended.set(true);
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      assertThat(faults).as("of %d requests", asked.get()).isEmpty();
      assertThat(asked).hasPositiveValue();
    }
  }

  private static boolean isAnswered(Answer answer) {
    return answer.statuses().keySet().containsAll(List.of("south", "north"))
        && answer.statuses().values().stream()
            .allMatch(told -> told.equals(List.of("empty")) || told.equals(List.of("answered")));
  }

  private static void ask(Asker asker) {
    Answer answer = Answer.of(asker.search("Condition", NUMBER));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(isAnswered(answer)).as("%s", answer.statuses()).isTrue();
  }

  /** The gateway's keys as a peer reads them: each second at most. */
  private static final class Published {
    private final URI address;
    private final HttpClient http =
        HttpClient.newBuilder().sslContext(pki.anonymousTls("gateway-ca")).build();
    private Instant read = Instant.MIN;
    private JWKSet keys = new JWKSet();

    Published(URI base) {
      this.address = URI.create(base + "/.well-known/jwks.json");
    }

    synchronized boolean hasSigned(SignedJWT token) throws Exception {
      if (read.isBefore(Instant.now().minusSeconds(1))) {
        keys = fetch();
        read = Instant.now();
      }
      JWK key = keys.getKeyByKeyId(token.getHeader().getKeyID());
      return key != null && token.verify(new ECDSAVerifier(key.toECKey()));
    }

    /** Those that are published now. */
    List<String> ids() throws Exception {
      return fetch().getKeys().stream().map(JWK::getKeyID).toList();
    }

    private JWKSet fetch() throws Exception {
      return JWKSet.parse(
          http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString()).body());
    }
  }

  /** It demands tokens that the gateway has signed, and publishes the keys of Wessex. */
  private static void south(EvilPeer.Line line) throws IOException {
    for (Request request = line.next(); request != null; request = line.next()) {
      if (request.target().endsWith("/jwks.json")) {
        line.write(json("200 OK", pki.publicKeys("wessex").toString()));
      } else {
        line.write(isSigned(request) ? answer(request) : json("401 Unauthorized", "{}"));
      }
    }
  }

  private static boolean isSigned(Request request) {
    try {
      SignedJWT token = SignedJWT.parse(bearer(request));
      boolean signed = published == null || published.hasSigned(token);
      SHOWN.add(token.getHeader().getKeyID());
      return signed;
    } catch (ParseException e) {
      return false;
    } catch (Exception e) {
      throw new IllegalStateException("the gateway's keys cannot be read", e);
    }
  }

  /** It demands tokens of its own endpoint. */
  private static void north(EvilPeer.Line line) throws IOException {
    for (Request request = line.next(); request != null; request = line.next()) {
      if (request.target().endsWith("/token")) {
        line.write(
            json(
                "200 OK",
                "{\"access_token\":\"granted-%d\",\"token_type\":\"Bearer\",\"expires_in\":300}"
                    .formatted(GRANTED.incrementAndGet())));
      } else {
        boolean isGranted = bearer(request).startsWith("granted-");
        line.write(isGranted ? answer(request) : json("401 Unauthorized", "{}"));
      }
    }
  }

  private static String bearer(Request request) {
    return request.header("Authorization").substring("Bearer ".length());
  }

  private static String answer(Request request) {
    String resource =
        request.target().contains("/Patient")
            ? "{\"resource\":{\"resourceType\":\"Patient\",\"id\":\"p\",\"identifier\":[{\"system\":"
                + "\"https://fhir.nhs.uk/Id/nhs-number\",\"value\":\"9000000009\"}]}}"
            : "";
    return json(
        "200 OK",
        "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[" + resource + "]}");
  }

  private static String json(String status, String body) {
    return "HTTP/1.1 "
        + status
        + "\r\nContent-Type: application/fhir+json\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  private static SSLContext server(String name) throws Exception {
    GatewayIdentity identity = MadePair.pair().make();
    Files.writeString(pki.file(name + "-ca.crt"), MadePair.pem(identity.certificate()));
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        new KeyManager[] {new ShownIdentity(() -> identity)},
        new javax.net.ssl.TrustManager[] {new CertificatesIT.Everyone()},
        null);
    return context;
  }

  /** Mounts these files, and no others, in one step. */
  private static void mount(Map<String, JWK> keys) throws IOException {
    Path next = Files.createDirectory(mount.resolve("..v" + mounted++));
    JWK lost = ec("development-lost").toPublicJWK();
    for (String name : FILES) {
      JWK key = name.equals("revoked") ? lost : keys.get(name);
      if (key != null) {
        Files.writeString(next.resolve(name), new JWKSet(key).toString(false));
      }
    }
    Path link = Files.createSymbolicLink(mount.resolve("..data_tmp"), next.getFileName());
    Files.move(link, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
  }

  private static void write(String text) throws IOException {
    replace(gateway.regions(), text);
  }

  private static void replace(Path file, String text) throws IOException {
    Path edited = Files.writeString(directory.resolve("edited"), text);
    Files.move(edited, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void awaitSerial(int serial) throws Exception {
    await(() -> told("regions.yaml is in force", "\"serial\":" + serial) == 1, "it is in force");
  }

  private static long told(String... words) {
    return gateway
        .output()
        .lines()
        .filter(line -> Stream.of(words).allMatch(line::contains))
        .count();
  }

  private static void await(Callable<Boolean> look, String what) throws Exception {
    Instant end = Instant.now().plus(SOON);
    while (!look.call()) {
      assertThat(Instant.now()).as(what).isBefore(end);
      Thread.sleep(100);
    }
  }

  private static ECKey ec(String keyId) {
    try {
      return new ECKeyGenerator(Curve.P_256).algorithm(JWSAlgorithm.ES256).keyID(keyId).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String regions() {
    String answering =
        """
          %1$s:
            name: %1$s
            organisation: { ods: RJ6, name: %1$s }
            status: active
            answers:
              base: %2$s
              anchors: [%1$s-ca.crt]
              token: { audience: %2$s, algorithm: ES256, %3$s }
              budget: 8s
              types: [Patient, Condition]
        """;
    return """
        version: 1
        serial: 1
        gateway: { id: ermine-east, organisation: { ods: QM7, name: HWE }, deadline: 12s }
        regions:
          hwe:
            name: HWE Care Record
            organisation: { ods: QM7, name: Hertfordshire and West Essex }
            status: active
            asks:
              issuer: https://hwe.example.nhs.uk
              algorithm: ES256
              keys: [{ jwks: hwe.jwks.json, use: active }]
              certificates: [{ file: hwe-client.crt }]
          wessex:
            name: Wessex
            organisation: { ods: QSL, name: Wessex }
            status: active
            asks:
              issuer: https://wessex.example.nhs.uk
              algorithm: ES256
              published: { url: %s/jwks.json, anchors: [south-ca.crt] }
              certificates: [{ file: wessex-client.crt }]
        """
            .formatted(south.base())
        + answering.formatted("south", south.base(), "use: query")
        + answering.formatted(
            "north",
            north.base(),
            "use: context, endpoint: { url: %s/token, client-id: ermine, timeout: 5s }"
                .formatted(north.base()))
        + "agreements:\n"
        + agreement("south")
        + agreement("north");
  }

  private static String agreement(String releases) {
    return """
      - id: %1$s-RELEASES
        releases: %1$s
        to: [hwe, wessex]
        purposes: [TREAT]
        roles: [R8000]
        types: [Patient, Condition]
        relationship: required
        valid: { from: 2021-12-01, until: 2099-11-30 }
    """
        .formatted(releases);
  }
}
