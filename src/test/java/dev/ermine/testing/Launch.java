package dev.ermine.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How a gateway's JVM is called.
 *
 * @param java the JVM with its options
 * @param jar what it runs
 */
public record Launch(List<String> java, Path jar) {

  /**
   * One that lives for seconds is not given back what the optimising compiler takes. Whoever moves
   * many bytes wants that: without it TLS has no help of the processor.
   */
  private static final List<String> BRIEF =
      Boolean.parseBoolean(System.getProperty("ermine.brief", "true"))
          ? List.of("-XX:TieredStopAtLevel=1")
          : List.of();

  private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");

  public Launch {
    java = List.copyOf(java);
  }

  /**
   * As this run of tests has it: the packaged jar; the layout of the image, where the system
   * property {@code ermine.image} names it; or that layout with a JVM that learns, where {@code
   * ermine.train} does. What it has learnt when it ends becomes the layout's AOT cache.
   */
  public static Launch usual() {
    String trained = System.getProperty("ermine.image");
    String layout = System.getProperty("ermine.train");
    if (layout != null) {
      return training(Path.of(layout));
    }
    return (trained == null ? jar(List.of()) : image(Path.of(trained))).with(BRIEF);
  }

  /** The packaged jar, which is the system property {@code ermine.jar} or where Maven puts it. */
  public static Launch jar(List<String> options) {
    var java = Path.of(System.getProperty("java.home"), "bin", "java");
    String jar = System.getProperty("ermine.jar", JAR.toString());
    return new Launch(List.of(java.toString()), Path.of(jar)).with(options);
  }

  /** The layout of the image, with its own JVM, options and cache. */
  public static Launch image(Path layout) {
    return layout(layout, "-XX:AOTCache=" + layout.resolve("ermine.aot"));
  }

  private static Launch training(Path layout) {
    Path cache = layout.resolve("ermine.aot");
    if (Files.exists(cache)) {
      throw new IllegalStateException(
          "a second gateway would train `" + cache + "` over the first's");
    }
    return layout(layout, "-XX:AOTCacheOutput=" + cache);
  }

  private static Launch layout(Path layout, String cache) {
    return new Launch(
        List.of(
            layout.resolve("java/bin/java").toString(), "@" + layout.resolve("jvm.options"), cache),
        layout.resolve("quarkus-run.jar"));
  }

  /** The same with {@code options} besides. */
  public Launch with(List<String> options) {
    var both = new ArrayList<>(java);
    both.addAll(options);
    return new Launch(both, jar);
  }

  /** The command line, with properties. */
  List<String> command(Map<String, String> properties) {
    var command = new ArrayList<>(java);
    properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
    command.add("-jar");
    command.add(jar.toString());
    return command;
  }
}
