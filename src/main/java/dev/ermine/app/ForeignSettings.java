package dev.ermine.app;

import io.smallrye.config.SmallRyeConfig;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.ConfigValue;

/**
 * Settings of the server's framework, or of the JDK, that would seem to change what the gateway
 * holds by itself and be ignored, or would weaken it. Who sets one is told what to use instead.
 */
final class ForeignSettings {

  private static final String TLS =
      "has no say: the gateway ends TLS by its own rules; give its certificates by"
          + " `ermine.server-certificate` and `ermine.client-certificate`, and name the clients, or"
          + " revoke one, in `ermine.regions`";
  private static final String PLAIN = "would open a way in without TLS; take it out";

  /**
   * Which settings, and why not.
   *
   * @param start how the names begin, every mark in them a dot
   * @param harmless the values that change nothing
   */
  private record Rule(String start, Set<String> harmless, String why) {
    boolean allows(String value) {
      return harmless.contains(value.toLowerCase(Locale.ROOT));
    }
  }

  private static final List<Rule> RULES =
      List.of(
          new Rule("quarkus.tls.", Set.of(), TLS),
          new Rule("quarkus.http.ssl.", Set.of(), TLS),
          new Rule("quarkus.http.tls.", Set.of(), TLS),
          new Rule("quarkus.http.insecure.requests", Set.of("disabled"), PLAIN),
          new Rule("quarkus.http.domain.socket.enabled", Set.of("false"), PLAIN),
          new Rule(
              "quarkus.http.proxy.",
              Set.of("false"),
              "would let a header say who asks; let the proxy pass TLS through, and tell of clients"
                  + " by `quarkus.http.proxy.use-proxy-protocol`"),
          new Rule(
              "quarkus.http.auth.", Set.of(), "has no say: who may ask is in `ermine.regions`"),
          new Rule(
              "quarkus.http.access.log.enabled",
              Set.of("false"),
              "would write addresses to a log, and with them patients; use `ermine.audit.file`"),
          new Rule(
              "javax.net.debug",
              Set.of(),
              "would print what goes through TLS, patients too; take it out"));

  /** What begins like these and is another thing. */
  private static final Set<String> OTHERS =
      Set.of("quarkus.http.ssl.port", "quarkus.http.proxy.use.proxy.protocol");

  private ForeignSettings() {}

  /** Each that is set and may not be, by its name. */
  static List<String> faults(SmallRyeConfig settings) {
    Set<String> faults = new TreeSet<>();
    for (String name : settings.getPropertyNames()) {
      String dotted = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", ".");
      RULES.stream()
          .filter(rule -> dotted.startsWith(rule.start()) && !OTHERS.contains(dotted))
          .filter(rule -> values(name, settings).anyMatch(value -> !rule.allows(value)))
          .forEach(rule -> faults.add(name + ": " + rule.why()));
    }
    return List.copyOf(faults);
  }

  /** What it is set to anywhere: in force, or in vain because the build has fixed it. */
  private static Stream<String> values(String name, SmallRyeConfig settings) {
    ConfigValue inForce = settings.getConfigValue(name);
    Stream<String> anywhere =
        StreamSupport.stream(settings.getConfigSources().spliterator(), false)
            .filter(source -> isOfOperators(source.getOrdinal()))
            .map(source -> source.getValue(name));
    return Stream.concat(
            isOfOperators(inForce.getSourceOrdinal())
                ? Stream.of(inForce.getValue())
                : Stream.empty(),
            anywhere)
        .filter(Objects::nonNull);
  }

  /** Neither defaults, which come first of all, nor what the build has fixed, which comes last. */
  private static boolean isOfOperators(int ordinal) {
    return ordinal > 0 && ordinal < Integer.MAX_VALUE;
  }
}
