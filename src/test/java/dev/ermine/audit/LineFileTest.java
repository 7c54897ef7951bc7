package dev.ermine.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineFileTest {

  @TempDir Path directory;

  /** What the file held at each force. */
  private final List<String> forced = new ArrayList<>();

  @Test
  void forcesOnceWhatItWroteAndThenReturns() throws IOException {
    try (LineFile file = new LineFile(path(), channel -> forced.add(content()))) {
      file.append(lines("a", "b"));
      assertThat(forced).containsExactly("a\nb\n");
      file.append(lines("c"));
      assertThat(forced).containsExactly("a\nb\n", "a\nb\nc\n");
    }
  }

  @Test
  void writesMoreThanItsBufferHoldsWhole() throws IOException {
    String big = "x".repeat(200_000);
    try (LineFile file = new LineFile(path(), channel -> forced.add(content()))) {
      file.append(lines("a", big, "b"));
    }
    assertThat(forced).containsExactly("a\n" + big + "\nb\n");
  }

  @Test
  void opensAnewAfterForceFailed() throws IOException {
    List<FileChannel> channels = new ArrayList<>();
    try (LineFile file =
        new LineFile(
            path(),
            channel -> {
              channels.add(channel);
              if (channels.size() == 1) {
                throw new IOException("Input/output error");
              }
            })) {
      assertThatThrownBy(() -> file.append(lines("a"))).hasMessage("Input/output error");
      file.append(lines("b"));
    }
    assertThat(channels).doesNotHaveDuplicates().hasSize(2);
    assertThat(channels).noneMatch(FileChannel::isOpen);
    assertThat(content()).endsWith("\nb\n");
  }

  @Test
  void healsTornLineOnceAndKeepsIt() throws IOException {
    Files.writeString(path(), "whole\ntor");
    for (int i = 0; i < 2; i++) {
      try (LineFile file = new LineFile(path())) {
        file.append(List.of());
        file.append(lines("line " + i));
      }
    }
    assertThat(content()).isEqualTo("whole\ntor\nline 0\nline 1\n");
  }

  @Test
  void startsOnFirstLineOfEmptyFile() throws IOException {
    Files.createFile(path());
    try (LineFile file = new LineFile(path())) {
      file.append(lines("first"));
    }
    assertThat(content()).isEqualTo("first\n");
  }

  private Path path() {
    return directory.resolve("lines");
  }

  private String content() throws IOException {
    return Files.readString(path());
  }

  private static List<byte[]> lines(String... lines) {
    return List.of(lines).stream().map(line -> line.getBytes(UTF_8)).toList();
  }
}
