-- Opens a file against `ecocompute lsp --stdio` in Neovim's own client, waits until the
-- diagnostics say what they save, and prints them as JSON. Arguments: node, cli.js, file.
local node, cli, file = unpack(vim.v.argv, #vim.v.argv - 2)
local published = nil

-- What arrives last: the first report has no savings yet.
vim.lsp.handlers['textDocument/publishDiagnostics'] = function(_, result)
  published = result
end

vim.cmd('edit ' .. vim.fn.fnameescape(file))
local buffer = vim.api.nvim_get_current_buf()
vim.bo[buffer].filetype = 'python'
local id = vim.lsp.start_client({
  name = 'ecocompute',
  cmd = { node, cli, 'lsp', '--stdio' },
  root_dir = vim.fn.fnamemodify(file, ':h'),
})
vim.lsp.buf_attach_client(buffer, id)

local function complete()
  if published == nil or #published.diagnostics == 0 then
    return false
  end
  for _, diagnostic in ipairs(published.diagnostics) do
    if diagnostic.message:find('^Saves') then
      return true
    end
  end
  return false
end
-- Returns as soon as it holds; the time is the bound at which the test fails.
local arrived = vim.wait(60000, complete, 20)

local hover = vim.lsp.buf_request_sync(buffer, 'textDocument/hover', {
  textDocument = vim.lsp.util.make_text_document_params(buffer),
  position = { line = vim.fn.search('self.lm_head(self.norm', 'n') - 1, character = 24 },
}, 60000)

io.stdout:write(vim.json.encode({ arrived = arrived, published = published or vim.NIL, hover = hover[id] or vim.NIL }) .. '\n')
vim.lsp.stop_client(id)
vim.cmd('qall!')
