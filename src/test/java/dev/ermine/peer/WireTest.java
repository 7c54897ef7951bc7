package dev.ermine.peer;

import static dev.ermine.peer.Asking.answers;
import static dev.ermine.peer.Asking.evil;
import static dev.ermine.peer.Asking.head;
import static dev.ermine.peer.Asking.missed;
import static dev.ermine.peer.Asking.ok;
import static dev.ermine.peer.Asking.patient;
import static dev.ermine.peer.Asking.search;
import static dev.ermine.peer.Asking.searchset;
import static dev.ermine.peer.Asking.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.region.Region;
import dev.ermine.region.Region.Limits;
import dev.ermine.region.Region.Wire;
import dev.ermine.region.Region.Wire.Protocol;
import dev.ermine.region.RegionId;
import dev.ermine.testing.EvilPeer;
import dev.ermine.testing.FullBacklog;
import io.vertx.core.http.HttpClientOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long a region may take to be connected to, and to begin its answer. */
@Timeout(60)
class WireTest {

  private static final Duration SHORT = Duration.ofMillis(600);
  private static final PeerAnswer LATE = missed(new Miss.Unreachable("no connection in time"));

  private final Asking asking = new Asking();
  private final Connections connections = asking.peer.connections(new RegionId("london"));

  @AfterEach
  void close() {
    asking.close();
  }

  @Test
  @DisplayName("B2: a peer that lets every SYN drop is unreachable within `connect`")
  void isUnreachableWhereNoSynIsAnswered() throws Exception {
    try (FullBacklog hole = new FullBacklog()) {
      assertThat(shortly(hole.base())).isEqualTo(LATE);
      assertThat(shortly(hole.base())).as("its one connection is free again").isEqualTo(LATE);
      assertThat(connections.waiting()).isZero();
      assertThat(connections.open()).isZero();
    }
  }

  @Test
  @DisplayName("B3: a peer that accepts and agrees no TLS is unreachable within `connect`")
  void isUnreachableWhereTlsIsNeverAnswered() throws Exception {
    try (EvilPeer silent = evil(EvilPeer.Line::awaitClose)) {
      assertThat(shortly(silent.base())).isEqualTo(LATE);
      assertThat(shortly(silent.base())).as("its one connection is free again").isEqualTo(LATE);
      assertThat(silent.lines()).hasSize(2);
      for (EvilPeer.Line line : silent.lines()) {
        assertThat(line.isLeftWithin(5)).isTrue();
      }
      assertThat(connections.open()).isZero();
    }
  }

  /** A connection that is let in late has only what is left for TLS. */
  @Test
  void boundsConnectionAndTlsTogether() throws Exception {
    Duration connect = Duration.ofSeconds(2);
    try (ServerSocket door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket first = new Socket(door.getInetAddress(), door.getLocalPort());
        Socket second = new Socket(door.getInetAddress(), door.getLocalPort())) {
      Thread.ofVirtual().start(() -> letIn(door));
      URI base = URI.create("https://localhost:" + door.getLocalPort() + "/fhir");
      Instant begun = Instant.now();
      assertThat(asking.ask(search(narrow(base, connect, Optional.empty())))).isEqualTo(LATE);
      assertThat(Duration.between(begun, Instant.now()))
          .isBetween(connect.minusMillis(50), connect.plusMillis(900));
      assertThat(first.isConnected() && second.isConnected()).isTrue();
    }
  }

  /** SYN is sent again a second after the first; the one that is accepted then hears no TLS. */
  private static void letIn(ServerSocket door) {
    try {
      Thread.sleep(Duration.ofMillis(500));
      for (int i = 0; i < 3; i++) {
        door.accept();
      }
    } catch (IOException | InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void isTimedOutWhereNoHeadComesWithinItsTime() throws Exception {
    try (EvilPeer evil =
        evil(
            line -> {
              line.next();
              line.write("HTTP/1.1 103 Early Hints\r\n\r\n");
              line.awaitClose();
            })) {
      Region.Answers wanted =
          narrow(evil.base(), Duration.ofSeconds(2), Optional.of(Duration.ofMillis(500)));
      Instant begun = Instant.now();
      assertThat(asking.ask(search(wanted))).isEqualTo(missed(new Miss.TimedOut()));
      assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(4));
      assertThat(evil.lines().getFirst().isLeftWithin(5)).isTrue();
      assertThat(evil.requests()).as("it is not asked again").hasSize(1);
    }
  }

  @Test
  void mayTakeLongerOverItsBodyThanOverItsHead() throws Exception {
    String body = searchset(patient("p1"));
    try (EvilPeer evil =
        evil(
            line -> {
              line.next();
              line.write(head("200 OK", body.length()));
              line.pause(1_500);
              line.write(body);
            })) {
      Region.Answers wanted =
          narrow(evil.base(), Duration.ofSeconds(2), Optional.of(Duration.ofSeconds(1)));
      assertThat(asking.ask(search(wanted)))
          .isEqualTo(new PeerAnswer.Answered(Asking.entries(patient("p1")), Map.of()));
    }
  }

  @Test
  void asksForNoCompressionAndDelaysNoPacket() throws Exception {
    try (EvilPeer evil = Asking.answering(any -> ok(searchset()))) {
      asking.ask(search(answers(evil.base())));
      assertThat(evil.requests().getFirst().header("Accept-Encoding")).isEqualTo("identity");
      HttpClientOptions options = WireTest.options(answers(evil.base()));
      assertThat(options.isTcpNoDelay()).isTrue();
      assertThat(options.isDecompressionSupported()).isFalse();
      assertThat(ClientSettings.once(options).isTcpNoDelay()).isTrue();
    }
  }

  private static HttpClientOptions options(Region.Answers answers) {
    return ClientSettings.of(
        new dev.ermine.trust.AnchoredServers(
            answers.anchors(),
            Optional.empty(),
            dev.ermine.testing.Responders.silent(java.time.InstantSource.system())),
        Asking.PKI.issue("gateway.example").gateway(),
        Line.of(answers));
  }

  /** Asks with time enough, and is answered when connecting has taken too long. */
  private PeerAnswer shortly(URI base) {
    Instant begun = Instant.now();
    PeerAnswer answer = asking.ask(search(narrow(base, SHORT, Optional.empty())));
    assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(4));
    return answer;
  }

  /** One connection for each of two loops. */
  private static Region.Answers narrow(URI base, Duration connect, Optional<Duration> firstByte) {
    return with(
        with(answers(base), new Limits(1, 1_000_000, 50, 5, 1_000)),
        new Wire(Protocol.HTTP_1_1, Optional.of(connect), firstByte));
  }
}
