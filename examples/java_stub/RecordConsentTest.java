// A program in Java that records a consent, and a test of it with the stub of consentlint.
// Run "java RecordConsentTest.java". Needs Java 17 and consentlint with its extra "stub".

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;

/** The test. In JUnit, start the stub before all tests, and stop it after them. */
public class RecordConsentTest {
  public static void main(String[] arguments) throws Exception {
    // The first request fails, so the program must try again.
    Process stub =
        new ProcessBuilder(
                "consentlint", "stub", "--port", "0", "--quiet", "--fault", "internal-server-error")
            .redirectErrorStream(true)
            .start();
    try {
      BufferedReader lines = new BufferedReader(new InputStreamReader(stub.getInputStream()));
      String line = lines.readLine();
      String url = line.replaceAll(".*listens on ([^ ]*).*", "$1");
      ConsentClient client = new ConsentClient(url, "ACtest:secret");

      client.record("+14155550123", "opt-out");

      try {
        client.record("555-0123", "opt-out");
        throw new AssertionError("an invalid number was accepted");
      } catch (IOException expected) {
        if (!expected.getMessage().contains("INVALID_CONTACT_ID")) throw expected;
      }
      System.out.println("An opt-out is stored at the second attempt; an invalid one is reported.");
    } finally {
      stub.destroy();
      stub.waitFor();
    }
  }
}

/** The program: it records one consent, and tries again if Twilio failed to store it. */
class ConsentClient {
  private static final int MAX_ATTEMPTS = 3;

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI url;
  private final String authorization;

  ConsentClient(String baseUrl, String credentials) {
    url = URI.create(baseUrl + "/v1/Consents/Bulk");
    byte[] bytes = credentials.getBytes(StandardCharsets.UTF_8);
    authorization = "Basic " + Base64.getEncoder().encodeToString(bytes);
  }

  /** Records a consent; throws if it is not stored. */
  void record(String contact, String status) throws IOException, InterruptedException {
    String item =
        """
        {"contact_id": "%s", "correlation_id": "%s", "status": "%s", "source": "website",
         "sender_id": "MG5ae1c3e1f1b24d8c9d3f0b7a6c5d4e3f"}"""
            .formatted(contact, UUID.randomUUID().toString().replace("-", ""), status);
    String form = "Items=" + URLEncoder.encode(item, StandardCharsets.UTF_8);
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .header("Authorization", authorization)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form))
            .build();
    for (int attempt = 1; ; attempt++) {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      // Real code reads the JSON. A 201 does not mean that the item is stored.
      if (response.statusCode() == 201 && response.body().matches("(?s).*\"error_code\": ?0\\b.*")) {
        return;
      }
      boolean isTwilios = response.body().contains("INTERNAL_SERVER_ERROR");
      if (!isTwilios || attempt == MAX_ATTEMPTS) {
        throw new IOException(response.statusCode() + ": " + response.body());
      }
    }
  }
}
