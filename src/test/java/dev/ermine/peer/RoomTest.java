package dev.ermine.peer;

import static dev.ermine.peer.Asking.answers;
import static dev.ermine.peer.Asking.condition;
import static dev.ermine.peer.Asking.evil;
import static dev.ermine.peer.Asking.isLookup;
import static dev.ermine.peer.Asking.knowing;
import static dev.ermine.peer.Asking.missed;
import static dev.ermine.peer.Asking.ok;
import static dev.ermine.peer.Asking.patient;
import static dev.ermine.peer.Asking.search;
import static dev.ermine.peer.Asking.searchset;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.federation.Room;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Gap;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.merge.PeerAnswer.TypeAnswer;
import dev.ermine.testing.EvilPeer;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What regions send, in the room that a request has for it. */
@Timeout(30)
class RoomTest {

  private final Asking asking = new Asking();

  /** So many bytes and no more, counted. */
  private static final class Counted implements Room {
    private final long most;
    private long held;
    private long peak;

    Counted(long most) {
      this.most = most;
    }

    @Override
    public synchronized boolean take(long bytes, long of) {
      if (held + bytes > most) {
        return false;
      }
      held += bytes;
      peak = Math.max(peak, held);
      return true;
    }

    @Override
    public synchronized void giveBack(long bytes) {
      held -= bytes;
    }

    synchronized long held() {
      return held;
    }
  }

  @AfterEach
  void close() {
    asking.close();
  }

  @Test
  void saysThatThereWasNoRoomForABody() throws Exception {
    Counted room = new Counted(300_000);
    try (EvilPeer peer = knowing(_ -> ok(searchset(condition("c1")) + " ".repeat(500_000)))) {
      PeerAnswer answer = asking.ask(search(answers(peer.base()), room, "Condition"));
      assertThat(((PeerAnswer.Answered) answer).types())
          .containsEntry("Condition", new TypeAnswer.Unread(new Miss.NoRoom()));
    }
    assertThat(room.held()).as("of the lookup alone").isLessThan(2_000);
  }

  @Test
  void saysThatThereWasNoRoomForWhatABodyHas() throws Exception {
    String many =
        searchset(IntStream.range(0, 45).mapToObj(i -> condition("c" + i)).toArray(String[]::new));
    Counted room = new Counted(16_384 + 15_000);
    try (EvilPeer peer = knowing(_ -> ok(many))) {
      PeerAnswer answer = asking.ask(search(answers(peer.base()), room, "Condition"));
      assertThat(((PeerAnswer.Answered) answer).types())
          .containsEntry("Condition", new TypeAnswer.Unread(new Miss.NoRoom()));
    }
  }

  @Test
  void saysThatThereWasNoRoomForALaterPage() throws Exception {
    Counted room = new Counted(300_000);
    try (EvilPeer peer = knowing(this::pages)) {
      PeerAnswer answer = asking.ask(search(answers(peer.base()), room, "Condition"));
      TypeAnswer.Read read =
          (TypeAnswer.Read) ((PeerAnswer.Answered) answer).types().get("Condition");
      assertThat(read.entries()).hasSize(1);
      assertThat(read.gaps()).extracting(Gap::kind).containsExactly(Gap.Kind.LIMIT);
      assertThat(read.gaps().getFirst().why()).contains("than the gateway could hold");
    }
  }

  private String pages(EvilPeer.Request request) {
    return request.target().contains("page=2")
        ? ok(searchset(condition("c2")) + " ".repeat(500_000))
        : ok(searchset(Optional.of("?page=2"), condition("c1")));
  }

  @Test
  void takesRoomAsBytesComeWhateverIsAnnounced() throws Exception {
    Counted room = new Counted(10_000_000);
    try (EvilPeer peer =
        evil(
            line -> {
              if (isLookup(line.next())) {
                line.write(Asking.head("200 OK", 900_000));
                line.write(" ".repeat(20_000));
                line.awaitClose();
              }
            })) {
      PeerAnswer answer =
          asking.ask(search(answers(peer.base()), room, "Condition"), Duration.ofSeconds(1));
      assertThat(answer).isEqualTo(missed(new Miss.TimedOut()));
    }
    assertThat(room.peak).isLessThan(100_000);
    awaitNothing(room);
  }

  private static void awaitNothing(Counted room) throws InterruptedException {
    Instant end = Instant.now().plusSeconds(10);
    while (room.held() != 0) {
      assertThat(Instant.now()).as("what is dropped is given back").isBefore(end);
      Thread.sleep(20);
    }
  }

  @Test
  void holdsExactlyWhatHasCome() throws Exception {
    Counted room = new Counted(10_000_000);
    String found = ok(searchset(condition("c1")) + " ".repeat(300_000));
    try (EvilPeer peer = knowing(_ -> found)) {
      asking.ask(search(answers(peer.base()), room, "Condition"));
    }
    long came = 300_000L + searchset(condition("c1")).length() + searchset(patient("p1")).length();
    assertThat(room.held()).as("bodies and two entries").isBetween(came + 1_000, came + 4_000);
  }

  /** Any chunks make up the same bytes; what is held is what they are, and little more before. */
  @Test
  void joinsChunksOfAnySize() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      byte[] sent = new byte[random.nextInt(300_000)];
      random.nextBytes(sent);
      Counted room = new Counted(1_000_000);
      boolean announced = random.nextBoolean();
      BodyBytes body =
          new BodyBytes(announced ? sent.length : -1, 300_000, new Allowance(300_000, room));
      for (int at = 0; at < sent.length; ) {
        int size = Math.min(sent.length - at, 1 + random.nextInt(100_000));
        assertThat(body.add(Buffer.buffer(java.util.Arrays.copyOfRange(sent, at, at + size))))
            .as("seed %d", seed)
            .isEmpty();
        at += size;
      }
      assertThat(room.peak).as("seed %d", seed).isLessThanOrEqualTo(sent.length + 65_536L);
      var whole = body.slice();
      assertThat(whole.bytes()).as("seed %d", seed).isEqualTo(sent);
      assertThat(room.held()).as("seed %d", seed).isEqualTo(sent.length);
      body.drop();
      assertThat(room.held()).as("seed %d", seed).isZero();
    }
  }

  @Test
  void refusesWhatGoesBeyondTheLimit() {
    BodyBytes body = new BodyBytes(-1, 100, new Allowance(100, Room.BOUNDLESS));
    assertThat(body.add(Buffer.buffer("x".repeat(100)))).isEmpty();
    assertThat(body.add(Buffer.buffer("x"))).contains(Faults.TOO_LARGE);
    assertThat(new String(body.slice().bytes(), UTF_8)).isEqualTo("x".repeat(100));
  }
}
