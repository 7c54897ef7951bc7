package dev.ermine.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.bench.Asking.Question;
import dev.ermine.sandbox.DevPki;
import dev.ermine.testing.Audited;
import dev.ermine.testing.GatewayProcess;
import dev.ermine.testing.Launch;
import dev.ermine.testing.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A gateway that is killed where it stands, again and again, while it is asked: whatever left it is
 * on record. Each life takes up the audit file where the last one left it.
 */
class KillSoak {

  private static final int KILLS = Integer.getInteger("ermine.kills", 15);
  private static final List<String> WHOLE = List.of("intent", "outcome");
  private static final List<String> JVM = List.of("-Xmx128m", "-XX:+UseSerialGC");
  private static final int AT_ONCE = 16;

  @TempDir Path directory;

  @Test
  void everyAnswerThatLeftIsOnRecord() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    var random = new Random(seed);
    DevPki pki = DevPki.in(directory.resolve("certs"));
    int port = Ports.free();
    int management = Ports.free();
    List<Heard> heard = new ArrayList<>();
    try (var standIns = StandIns.start(pki, 3, 10_000)) {
      standIns.be(new Manner.Answer(Duration.ofMillis(5)));
      String yaml = standIns.yaml(StandIns.Terms.usual(Duration.ofSeconds(4)));
      for (int kill = 0; kill < KILLS; kill++) {
        try (var gateway =
            GatewayProcess.start(
                pki, yaml, directory, port, management, Launch.jar(JVM), Map.of())) {
          heard.addAll(askUntilKilled(gateway, pki, standIns, random));
        }
      }
    }
    Audited audited = Audited.in(directory.resolve("gateway.audit.ndjson"));
    Map<String, List<String>> phases = audited.phases();
    List<Heard> left = heard.stream().filter(Heard::released).toList();
    List<Heard> lost = left.stream().filter(one -> !WHOLE.equals(phases.get(one.id()))).toList();
    System.out.printf(
        "killed %d times: %d asked, %d answers left, %d of them unaudited, %d torn lines%n",
        KILLS, heard.size(), left.size(), lost.size(), audited.torn().size());
    assertThat(left).hasSizeGreaterThanOrEqualTo(KILLS);
    assertThat(lost).as("left, and not on record").isEmpty();
    assertThat(audited.torn()).hasSizeLessThanOrEqualTo(KILLS);
  }

  private static List<Heard> askUntilKilled(
      GatewayProcess gateway, DevPki pki, StandIns standIns, Random random) {
    Asking asking = Asking.of("hwe", gateway, pki, standIns.vertx(), AT_ONCE);
    var question = new Question(HeldRecord.TYPES.subList(0, 2), standIns.first(3));
    asking.prepare();
    var answered = new CountDownLatch(1);
    CompletableFuture<Void> killed =
        CompletableFuture.runAsync(
            () -> {
              Waiting.on(answered);
              Waiting.forMillis(random.nextInt(800));
              gateway.process().destroyForcibly().onExit().join();
            });
    List<Heard> heard =
        Load.closed(
                asking.query(question),
                AT_ONCE,
                so -> {
                  if (so.stream().anyMatch(Heard::answered)) {
                    answered.countDown();
                  }
                  return !gateway.process().isAlive();
                })
            .heard();
    killed.join();
    asking.close();
    return heard;
  }
}
