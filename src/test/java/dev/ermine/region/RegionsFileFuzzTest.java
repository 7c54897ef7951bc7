package dev.ermine.region;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class RegionsFileFuzzTest {

  @FuzzTest(maxDuration = "60s")
  void anyBytesGiveAReading(byte[] bytes) throws IOException {
    Path directory = Files.createTempDirectory("ermine-fuzz");
    Path file = Files.write(directory.resolve("regions.yaml"), bytes);
    try {
      assertThat(RegionsFile.read(file, directory, Stage.PRODUCTION)).isNotNull();
    } finally {
      Files.delete(file);
      Files.delete(directory);
    }
  }
}
