package dev.ermine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.sandbox.DevPki;
import dev.ermine.sandbox.Sandbox;
import dev.ermine.sandbox.Stories;
import dev.ermine.testing.Answer;
import dev.ermine.testing.Dockerfile;
import dev.ermine.testing.GatewayProcess;
import dev.ermine.testing.Launch;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The layout that the Dockerfile copies into the image, as {@code ./ermine image} has just built
 * and trained it: held against the Dockerfile, and run as a container would run it.
 */
@EnabledIfSystemProperty(
    named = "ermine.train",
    matches = ".+",
    disabledReason = "`./ermine image` runs it, on the layout that it has built")
class ImageIT {

  private static final String IN_IMAGE = "/ermine";
  private static final String NOBODY = "10001";

  private static Path layout;
  private static Dockerfile dockerfile;

  @TempDir Path directory;

  private record Ended(int code, String output) {}

  @BeforeAll
  static void read() throws IOException {
    layout = Path.of(System.getProperty("ermine.train")).toAbsolutePath();
    dockerfile = Dockerfile.read(Path.of("src", "main", "docker", "Dockerfile"));
  }

  @Test
  void holdsTheGatewayItsRuntimeItsOptionsAndItsCacheAlone() throws IOException {
    try (Stream<Path> top = Files.list(layout)) {
      assertThat(top.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "java",
              "jvm.options",
              "otel.properties",
              "ermine.aot",
              "quarkus-run.jar",
              "app",
              "lib",
              "quarkus");
    }
    assertThat(files(layout))
        .extracting(file -> file.getFileName().toString())
        .noneMatch(name -> name.matches(".*\\.(key|crt|ndjson|yaml)|.*jwks.*"))
        .noneMatch(name -> name.matches("javac|jshell|jdb|jcmd"))
        .filteredOn(name -> name.endsWith(".jar"))
        .hasSizeGreaterThan(100)
        .noneMatch(name -> name.matches(".*(junit|assertj|mock|hapi|bcpkix|oidc-sdk|jmh).*"));
  }

  /** The JVM would not notice a jar that is younger than the cache, and run what it once was. */
  @Test
  void wasTrainedWhenAllElseWasThere() throws IOException {
    FileTime trained = Files.getLastModifiedTime(layout.resolve("ermine.aot"));
    for (Path file : files(layout)) {
      assertThat(Files.getLastModifiedTime(file)).as("%s", file).isLessThanOrEqualTo(trained);
    }
  }

  @Test
  void isWhatTheDockerfileCopiesAndCalls() {
    assertThat(dockerfile.all("COPY"))
        .containsExactly("--from=build /src/target/image " + IN_IMAGE);
    assertThat(Stream.concat(dockerfile.checks().stream(), Stream.of(dockerfile.command())))
        .hasSize(2)
        .allSatisfy(
            command ->
                assertThat(named(command))
                    .contains(layout.resolve("java/bin/java"), layout.resolve("jvm.options"))
                    .contains(layout.resolve("ermine.aot"))
                    .allSatisfy(file -> assertThat(file).isRegularFile()));
  }

  @Test
  void isRunAsNobodyOnTheGatewaysPorts() throws IOException {
    assertThat(dockerfile.all("USER")).containsExactly(NOBODY + ":" + NOBODY);
    var gateway = new Properties();
    gateway.load(
        new StringReader(
            Files.readString(Path.of("src", "main", "resources", "application.properties"))));
    String ports =
        gateway.get("quarkus.http.ssl-port") + " " + gateway.get("quarkus.management.port");
    assertThat(dockerfile.all("EXPOSE")).containsExactly(ports);
  }

  @Test
  void passesTheChecksOfTheDockerfileInAnyPlace() throws Exception {
    List<String> check = in(readOnlyCopy(), dockerfile.checks().getFirst());
    assertThat(run(check)).extracting(Ended::code).isEqualTo(0);
    var otherwise = new ArrayList<>(check);
    otherwise.add(check.indexOf("-XX:AOTMode=on"), "-XX:-UseCompressedOops");
    Ended refused = run(otherwise);
    assertThat(refused.code()).as("a JVM that the cache was not made for").isNotZero();
    assertThat(refused.output()).contains("Unable to use AOT cache");
  }

  @Test
  void answersAsNobodyWhereNothingButTheAuditFileCanBeWritten() throws Exception {
    Path copy = readOnlyCopy();
    DevPki pki = DevPki.in(directory.resolve("certs"));
    Path audit = Files.createDirectory(directory.resolve("audit")).resolve("audit.ndjson");
    if (isRoot()) {
      run(List.of("chmod", "a+rx", directory.toString()));
      run(List.of("chown", "-R", NOBODY, pki.directory().toString(), audit.getParent().toString()));
    }
    var properties = Map.of("ermine.audit.file", audit.toString());
    try (var sandbox = Sandbox.start(pki);
        var gateway =
            GatewayProcess.start(
                pki, GatewayProcess.regions(sandbox), directory, container(copy), properties)) {
      assertThat(readiness(gateway)).isEqualTo(200);
      var answer = Answer.of(200, gateway.asker("hwe").search("Condition", Stories.OTHER_SUBJECT));
      assertThat(answer.statuses()).containsKey("london");
      assertThat(gateway.output())
          .contains("Using AOT-linked classes: true", "Listening on")
          .doesNotContain("BoringSSL")
          .doesNotContain("[warning]", "[error]", "\"ERROR\"");
      assertThat(files(audit.getParent())).containsExactly(audit);
      assertThat(Files.size(audit)).isPositive();
    }
  }

  /** Elsewhere, with times as the layers of an image keep them: to the second. */
  private Path readOnlyCopy() throws Exception {
    Path copy = directory.resolve("ermine");
    assertThat(run(List.of("cp", "-Rp", layout.toString(), copy.toString())).code()).isZero();
    for (Path file : files(copy)) {
      var time = Files.getLastModifiedTime(file).toInstant().truncatedTo(ChronoUnit.SECONDS);
      Files.setLastModifiedTime(file, FileTime.from(time));
    }
    assertThat(run(List.of("chmod", "-R", "a-w", copy.toString())).code()).isZero();
    return copy;
  }

  /** The container's command: in its directory, with no right but to its user's own files. */
  private static Launch container(Path copy) {
    List<String> command = in(copy, dockerfile.command());
    int jar = command.indexOf("-jar");
    var java = new ArrayList<>(List.of("sh", "-c", "cd \"$0\" && exec \"$@\"", copy.toString()));
    if (isRoot()) {
      java.addAll(List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"));
      java.addAll(List.of("--no-new-privs", "--bounding-set=-all", "--"));
    }
    java.addAll(command.subList(0, jar));
    assertThat(command).hasSize(jar + 2);
    return new Launch(java, Path.of(command.getLast()))
        .with(List.of("-XX:AOTMode=on", "-Xlog:aot", "-Djava.io.tmpdir=" + copy));
  }

  private static int readiness(GatewayProcess gateway) throws Exception {
    var ready = HttpRequest.newBuilder(URI.create(gateway.management() + "/q/health/ready"));
    try (var http = HttpClient.newHttpClient()) {
      return http.send(ready.build(), BodyHandlers.discarding()).statusCode();
    }
  }

  private static List<Path> named(List<String> command) {
    return in(layout, command).stream()
        .filter(word -> word.contains(layout.toString()))
        .map(word -> Path.of(word.substring(word.indexOf(layout.toString()))))
        .toList();
  }

  /** A command of the image's, where the layout is {@code place}. */
  private static List<String> in(Path place, List<String> command) {
    return command.stream()
        .map(word -> word.replaceFirst("(^|[@=])" + IN_IMAGE + "/", "$1" + place + "/"))
        .toList();
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private static Ended run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output);
  }
}
