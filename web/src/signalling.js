const RELAY = "proxy/"; // jupyter-server-proxy's

/**
 * The WebSocket to the exchange, as JsSIP wants it (SIP over WebSocket, RFC 7118).
 *
 * Where the exchange is, is asked anew at each attempt: a restart gives it another port.
 */
export class Signalling {
  via_transport = "WS";
  sip_uri = "sip:pbx.invalid;transport=ws";
  url = "ws://pbx.invalid";

  /** @param {() => Promise<string[]>} locate gives the addresses to try, in their order. */
  constructor(locate) {
    this.locate = locate;
    this.open = null;
    this.attempt = 0;
  }

  // JsSIP takes no asynchronous function for one.
  connect() {
    this.search();
  }

  async search() {
    const attempt = ++this.attempt;
    try {
      for (const url of await this.locate()) {
        const socket = await opened(url);
        if (attempt !== this.attempt) {
          socket?.close();
          return;
        }
        if (socket) {
          this.take(socket);
          return;
        }
      }
    } catch {
      // Nobody says where the exchange is: tried again like a closed door.
    }
    if (attempt === this.attempt) this.ondisconnect(true, 1006, "");
  }

  take(socket) {
    this.open = socket;
    this.url = socket.url;
    socket.onmessage = ({ data }) => this.ondata(data);
    socket.onclose = ({ wasClean, code, reason }) => {
      this.open = null;
      this.ondisconnect(!wasClean, code, reason);
    };
    this.onconnect();
  }

  disconnect() {
    this.attempt++;
    const { open } = this;
    this.open = null;
    if (open) {
      open.onmessage = open.onclose = null;
      open.close();
    }
  }

  send(message) {
    if (this.open?.readyState !== WebSocket.OPEN) return false;
    this.open.send(message);
    return true;
  }
}

/** The open WebSocket, or null where none can be opened. */
function opened(url) {
  return new Promise((resolve) => {
    let socket;
    try {
      socket = new WebSocket(url, "sip");
    } catch {
      resolve(null);
      return;
    }
    socket.binaryType = "arraybuffer";
    socket.onopen = () => resolve(socket);
    socket.onclose = () => resolve(null);
  });
}

/**
 * The addresses of the exchange's WebSocket, the shortest way first.
 *
 * A page of this machine reaches the port itself; any other goes through the Jupyter server, which
 * relays to ports of its own machine (jupyter-server-proxy).
 *
 * @param {number} port the port on 127.0.0.1 of the machine where the lab runs.
 * @param {{protocol: string, host: string, hostname: string}} location the page's.
 * @param {string|null} baseUrl the Jupyter server's, or null where the page has none.
 * @returns {string[]}
 */
export function addresses(port, location, baseUrl) {
  const found = [];
  if (isLoopback(location.hostname)) found.push(`ws://127.0.0.1:${port}/ws`);
  if (baseUrl !== null) {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    found.push(`${scheme}://${location.host}${baseUrl}${RELAY}${port}/ws`);
  }
  return found.length ? found : [`ws://127.0.0.1:${port}/ws`];
}

/** Whether an address leads through the Jupyter server: then the lab is on another machine. */
export function isRelayed(url) {
  return url.includes(`/${RELAY}`);
}

function isLoopback(hostname) {
  return hostname === "localhost" || hostname === "[::1]" || /^127\./.test(hostname);
}

/** The base URL that JupyterLab and Notebook write into their pages. */
export function jupyterBaseUrl() {
  const data = document.getElementById("jupyter-config-data");
  try {
    return JSON.parse(data.textContent).baseUrl ?? null;
  } catch {
    return null;
  }
}
