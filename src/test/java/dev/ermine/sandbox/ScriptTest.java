package dev.ermine.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code ./ermine}, which Maven runs in the project's directory. */
class ScriptTest {

  private record Ended(int code, String output) {}

  @Test
  void saysWhatItCanDo() throws Exception {
    assertThat(ermine(List.of("help"))).extracting(Ended::code).isEqualTo(0);
    assertThat(ermine(List.of()).output()).contains("demo [--once]", "run [--regions FILE]");
  }

  @Test
  void refusesWhatItDoesNotKnow() throws Exception {
    assertThat(ermine(List.of("demonstrate")).code()).isEqualTo(2);
    assertThat(ermine(List.of("run", "--fast")).code()).isEqualTo(2);
    assertThat(ermine(List.of("run", "--regions")).output()).contains("--regions needs a file");
    assertThat(ermine(List.of("test", "--some")).code()).isEqualTo(2);
    assertThat(ermine(List.of("image", "small")).code()).isEqualTo(2);
    assertThat(ermine(List.of("bench", "speed")).output()).contains("bench compare");
    assertThat(ermine(List.of("bench", "speed")).code()).isEqualTo(2);
  }

  @Test
  void findsTheJdkItIsGiven(@TempDir Path directory) throws Exception {
    Path old = jdk(directory.resolve("old"), "17.0.15");
    Path current = jdk(directory.resolve("current"), "25.0.1");
    assertThat(isJdk(old)).isFalse();
    assertThat(isJdk(current)).isTrue();
    Files.delete(current.resolve("bin/javac"));
    assertThat(isJdk(current)).as("a JRE").isFalse();
  }

  @Test
  void whatTheBuildSaysIsNoOutputOfACommand(@TempDir Path directory) throws Exception {
    Files.copy(Path.of("ermine"), directory.resolve("ermine"));
    Path maven = directory.resolve("mvn");
    Files.writeString(
        maven,
        "#!/bin/sh\n[ \"$1\" = -v ] && echo 'Apache Maven 3.9.9' || { echo noise; exit 1; }\n");
    assertThat(maven.toFile().setExecutable(true)).isTrue();
    ProcessBuilder token =
        new ProcessBuilder("sh", directory.resolve("ermine").toString(), "token");
    token.environment().put("JAVA_HOME", System.getProperty("java.home"));
    token.environment().merge("PATH", directory + ":", (path, first) -> first + path);
    Process process = token.start();
    assertThat(process.getInputStream().readAllBytes()).isEmpty();
    assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("noise", "the build failed");
    assertThat(process.waitFor()).isEqualTo(3);
  }

  @Test
  void asksForTheBalancerWhereItMayNotInstallIt() throws Exception {
    String poor = "id() { echo 1000; }; command() { return 1; }; ";
    Ended ended =
        run(
            List.of(
                "sh", "-c", poor + function("fail") + function("need_haproxy") + "need_haproxy"));
    assertThat(ended.code()).isEqualTo(3);
    assertThat(ended.output())
        .contains("no HAProxy here", "Install your system's package `haproxy`");
  }

  private static Path jdk(Path home, String version) throws IOException {
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    assertThat(Files.createFile(home.resolve("bin/javac")).toFile().setExecutable(true)).isTrue();
    return home;
  }

  private static boolean isJdk(Path home) throws IOException, InterruptedException {
    return run(List.of("sh", "-c", function("is_jdk") + "is_jdk " + home)).code() == 0;
  }

  /** A function of the script's own, taken out of it. */
  private static String function(String name) throws IOException {
    String script = Files.readString(Path.of("ermine"));
    int start = script.indexOf(name + "() {");
    return script.substring(start, script.indexOf("\n}\n", start) + 3);
  }

  private static Ended ermine(List<String> arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("./ermine"));
    command.addAll(arguments);
    return run(command);
  }

  private static Ended run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output);
  }
}
